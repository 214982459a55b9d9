import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/server';

/** One red pixel. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
/** A WAV file without samples. */
const silence = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const image: ContentBlock = { type: 'image', data: pixel, mimeType: 'image/png' };
export const audio: ContentBlock = { type: 'audio', data: silence, mimeType: 'audio/wav' };

export const textBlock = (content: string): ContentBlock => ({ type: 'text', text: content });

export const embedded = (uri: string, mimeType: string, content: string): ContentBlock => ({
  type: 'resource',
  resource: { uri, mimeType, text: content },
});

export const result = (...content: ContentBlock[]): CallToolResult => ({ content });
