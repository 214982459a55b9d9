import { readConnectForm } from './connect-request.js';

describe('the form of a connect page', () => {
  it('has its step, its token and its fields', () => {
    expect(readConnectForm('step=fields&form_token=t&field.api-key=a%2Bb&other=x')).toEqual({
      step: 'fields',
      formToken: 't',
      fields: new Map([['api-key', 'a+b']]),
    });
  });

  it('loses each name that stands in it several times', () => {
    const body = 'step=a&step=b&step=c&form_token=t&field.x=1&field.x=2&field.y=3';
    expect(readConnectForm(body)).toEqual({
      step: undefined,
      formToken: 't',
      fields: new Map([['y', '3']]),
    });
  });

  it('is read in a time that grows with its size, and not with the square of it', () => {
    const formOf = (count: number) => Array.from({ length: count }, (_, n) => `${n}`).join('&');
    const cpuMs = (body: string) => {
      const before = process.cpuUsage();
      readConnectForm(body);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    const small = formOf(2_000);
    readConnectForm(small);
    const unit = Math.max(1, ...Array.from({ length: 5 }, () => cpuMs(small)));
    // 50 times the names: linear work takes about 50 units, and quadratic work 2,500.
    expect(cpuMs(formOf(100_000)) / unit).toBeLessThan(1_000);
  });
});
