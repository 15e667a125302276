"""Sheets in Markdown as pages of HTML, through a template."""

from __future__ import annotations

from html import escape

TITLE, BODY = "{{title}}", "{{body}}"

PLAIN = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{title}}</title>
<style>
@page { margin: 2cm; }
body { font: 11pt/1.5 serif; max-width: 46em; margin: 2em auto; }
h1 { font-size: 15pt; } h2 { font-size: 12pt; break-after: avoid; }
h1:not(:first-child) { break-before: page; }
li { margin: 0.5em 0; break-inside: avoid; }
code { font-family: monospace; white-space: pre-wrap; }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
{{body}}
</body>
</html>
"""


def page(markdown: str, template: str = PLAIN) -> str:
    """A page of HTML; the first line of the Markdown, a heading, is its title.

    Raises ValueError for a template without a place for the body.
    """
    from markdown_it import MarkdownIt

    if BODY not in template:
        raise ValueError(f"has no {BODY}")
    title = escape(markdown.partition("\n")[0].lstrip("# "))
    body = MarkdownIt("commonmark", {"html": False}).render(markdown)
    return body.join(template.replace(TITLE, title).split(BODY))
