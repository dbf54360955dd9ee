/** The engine's version: it changes when the same inputs would give other outcomes. Epochs are opened under it. */
export const ENGINE_VERSION = '0.2.0';
