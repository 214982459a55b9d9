import type { SwitchView } from '@action-mesh/contracts/auth-broker';
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
} from '@nestjs/common';

import { LiftSwitch } from '../../application/lift-switch.js';
import { ListSwitches } from '../../application/list-switches.js';
import { TurnOnSwitch } from '../../application/turn-on-switch.js';
import { callerOf, orBrokerError, type GatewayHeaders } from './internal-request.js';

/** The kill switches of the caller's tenant and of the whole mesh, for the gateway. */
@Controller('internal/switches')
export class InternalSwitchesController {
  readonly #listSwitches: ListSwitches;
  readonly #turnOnSwitch: TurnOnSwitch;
  readonly #liftSwitch: LiftSwitch;

  constructor(
    @Inject(ListSwitches) listSwitches: ListSwitches,
    @Inject(TurnOnSwitch) turnOnSwitch: TurnOnSwitch,
    @Inject(LiftSwitch) liftSwitch: LiftSwitch,
  ) {
    this.#listSwitches = listSwitches;
    this.#turnOnSwitch = turnOnSwitch;
    this.#liftSwitch = liftSwitch;
  }

  @Get()
  async list(@Headers() headers: GatewayHeaders): Promise<{ readonly switches: readonly SwitchView[] }> {
    return { switches: await orBrokerError(this.#listSwitches.run(callerOf(headers))) };
  }

  @Post()
  turnOn(@Headers() headers: GatewayHeaders, @Body() body: unknown): Promise<SwitchView> {
    return orBrokerError(this.#turnOnSwitch.run(callerOf(headers), body));
  }

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  lift(@Headers() headers: GatewayHeaders, @Param('id') id: string): Promise<void> {
    return orBrokerError(this.#liftSwitch.run(callerOf(headers), id));
  }
}
