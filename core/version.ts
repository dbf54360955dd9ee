/** The engine's version: it changes when the same inputs would give other outcomes. Epochs are opened under it. */
export const ENGINE_VERSION = '0.2.0';

/** Whether a version came before another one; what is no version number came before none. */
export function isEarlier(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  const i = b!.findIndex((part, place) => part !== a![place]);
  return i >= 0 && a![i]! < b![i]!;
}
