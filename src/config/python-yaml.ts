import { type CollectionTag, isSeq, type Node, Pair, type ScalarTag, YAMLMap, type YAMLSeq } from "yaml";

/** What Python's `yaml.dump` writes of its own plain containers and texts. NNI read it, and so do we; other objects stay faults. */
export const pythonTags: (CollectionTag | ScalarTag)[] = [
  {
    tag: "tag:yaml.org,2002:python/object/apply:collections.OrderedDict",
    collection: "seq",
    resolve: (seq, onError) => orderedDict(seq) ?? fault(seq, onError),
  },
  { tag: "tag:yaml.org,2002:python/tuple", collection: "seq", resolve: (seq) => seq },
  { tag: "tag:yaml.org,2002:python/str", resolve: (text) => text },
  { tag: "tag:yaml.org,2002:python/unicode", resolve: (text) => text },
];

/** It stands as a list of its arguments, of which there is one: a list of pairs. */
function orderedDict(seq: YAMLSeq): YAMLMap | null {
  const [pairs] = seq.items;
  const map = new YAMLMap();
  if (seq.items.length === 0) return map;
  if (seq.items.length > 1 || !isSeq(pairs)) return null;
  for (const pair of pairs.items) {
    if (!isSeq(pair) || pair.items.length !== 2) return null;
    map.items.push(new Pair(pair.items[0] as Node, pair.items[1] as Node));
  }
  return map;
}

function fault(seq: YAMLSeq, onError: (message: string) => void): YAMLSeq {
  onError("expected a list of pairs in an OrderedDict");
  return seq;
}
