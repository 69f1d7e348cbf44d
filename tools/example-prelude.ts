// What an example in a TSDoc comment may use without importing it. An example that has an import gets nothing from here.
