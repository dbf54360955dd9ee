export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Canonical JSON: keys in code-unit order, no white space, undefined members left out. Two equal values give the same
 * text on every machine; hashes run over it, of every input of a live run among others, so it is written to be quick.
 */
export function canonical(value: Json): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value)
        ? listed(value as readonly Json[])
        : membered(value as { readonly [key: string]: Json | undefined });
    default:
      return JSON.stringify(value);
  }
}

function listed(values: readonly Json[]): string {
  let text = '[';
  for (let i = 0; i < values.length; i++) text += i === 0 ? canonical(values[i]!) : `,${canonical(values[i]!)}`;
  return `${text}]`;
}

function membered(members: { readonly [key: string]: Json | undefined }): string {
  let text = '';
  for (const key of inOrder(Object.keys(members))) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '{' : ','}${quoted(key)}:${canonical(member)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Sorts by code units in place: a few keys by hand, which spares them the call for every comparison. */
function inOrder(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let place = i;
    for (; place > 0 && keys[place - 1]! > key; place--) keys[place] = keys[place - 1]!;
    keys[place] = key;
  }
  return keys;
}
const FEW = 16;

/** Most texts are short and plain: those need no escapes, and no call out of the language. */
function quoted(text: string): string {
  if (text.length > SHORT) return JSON.stringify(text);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH) return JSON.stringify(text);
  }
  return `"${text}"`;
}
const SHORT = 64;
const SPACE = 32;
const TILDE = 126;
const QUOTE = 34;
const BACKSLASH = 92;
