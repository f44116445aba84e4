"""`TokenizerModel` of ctok 1.3.0's `main.py`."""

from .constants import MARKER_GLYPHS
from .engine import ByteFloor, ReverseTrie, build_vocab
from .notation import parse_marked


class TokenizerModel:
    """The loaded vocabulary plus the family scalars the encoder and tiler read from it."""

    def __init__(self, doc: dict) -> None:
        meta = doc["meta"]
        # Measured fixed cost of a single user message before its content.
        self.message_overhead = meta["message_overhead"]
        self.fold_quotes = meta["fold_quotes"]
        self.allcaps_min = meta["allcaps_min"]
        # v3 and v4.7 share the defaults. v4.8 differs at the frame head.
        # frame_bow says whether the frame ends in a ⟨bow⟩ that absorbs one leading space.
        self.frame_bow = meta.get("frame_bow", True)

        tokens = doc["tokens"]
        # Every group is cost-1 pieces except the byte fallback, which holds prefix costs.
        # Grouping is provenance only, so take all groups.
        pieces = [p for group, ps in tokens.items() if group != "bytes_fallback" for p in ps]
        # Fold single-codepoint pieces into the byte floor's membership set, so an uncovered
        # character still prices at 1.
        parsed_pieces = [parse_marked(p) for p in pieces]
        self.unit_pieces = {c for c in parsed_pieces
                            if len(c) == 1 and c not in MARKER_GLYPHS}
        self.bytes = ByteFloor(tokens["bytes_fallback"], self.unit_pieces)
        self.vocab = build_vocab(parsed_pieces, tokens)
        self.trie = ReverseTrie(self.vocab)

        self._char_cost_cache: dict[str, int] = {}
