/** Java's `String.hashCode`, a signed int32. */
export function hashCode(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/** Distinct texts in the order in which Java's `HashSet` has them when they were added in the order given (fewer than eight in a bucket). */
export function inHashOrder(texts: Iterable<string>): string[] {
  const distinct = [...new Set(texts)];
  let buckets = 16;
  while (distinct.length > buckets * 0.75) buckets *= 2;
  const bucketOf = (text: string): number => {
    const hash = hashCode(text);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return distinct.sort((a, b) => bucketOf(a) - bucketOf(b));
}
