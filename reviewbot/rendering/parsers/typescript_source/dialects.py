"""The grammars of TypeScript and JavaScript, by the names of files."""

_TYPESCRIPT = (".ts", ".mts", ".cts")


def language_of(path: str) -> object:
    """The grammar of the file at a path."""
    lower = path.lower()
    if lower.endswith((*_TYPESCRIPT, ".tsx")):
        import tree_sitter_typescript

        if lower.endswith(".tsx"):
            return tree_sitter_typescript.language_tsx()
        return tree_sitter_typescript.language_typescript()
    import tree_sitter_javascript

    return tree_sitter_javascript.language()
