"""More of what the program knows: copies of the rules on invented hosts, and of the taxonomy in invented words."""

import json
import re
import tomllib

from .bench import PROJECT

RULES = PROJECT / "src" / "tracker" / "rules"
TAXONOMY = PROJECT / "src" / "page" / "taxonomy"


def more_rules(folder, times):
    """A folder of rules for `--rules`, with which there are so many times the built-in ones."""
    folder.mkdir(parents=True)
    for number in range(1, times):
        for file in sorted(RULES.glob("*.toml")):
            (folder / f"{file.stem}-{number}.toml").write_text(copied_rule(file.read_text(), number))
    return folder


def copied_rule(text, number):
    """A rule under another name, that fits requests which nobody sends."""
    text = re.sub(r'^name = "(.*)"$', rf'name = "\1-{number}"', text, count=1, flags=re.MULTILINE)
    parts = re.split(r"^(?=\[\[)", text, flags=re.MULTILINE)
    return "".join(copied_endpoint(part, number) if part.startswith("[[endpoints]]") else part for part in parts)


def copied_endpoint(text, number):
    """An endpoint on hosts of its own; one that is known by its shape alone gets a path of its own."""
    changed, hosts = in_list(text, "hosts", rf'"\1.copy-{number}.example"')
    if hosts:
        return changed
    changed, paths = in_list(text, "paths", rf'"**/copy-{number}/\1"')
    if paths:
        return changed.replace(f"copy-{number}/**/", f"copy-{number}/").replace(f"copy-{number}//", f"copy-{number}/")
    return text.replace("[[endpoints]]\n", f'[[endpoints]]\npaths = ["**/copy-{number}"]\n', 1)


def in_list(text, name, replacement):
    """Replaces every text in a list of an endpoint; and whether there is such a list."""
    replace = lambda found: found[1] + re.sub(r'"([^"]*)"', replacement, found[2])  # noqa: E731
    return re.subn(rf"^({name} = )(\[[^\]]*\])", replace, text, count=1, flags=re.MULTILINE)


def more_taxonomy(file, times):
    """A file for `--taxonomy`, with which there are so many times the built-in patterns."""
    lines = []
    for number in range(1, times):
        for source in sorted(TAXONOMY.glob("*.toml")):
            for kind, known in tomllib.loads(source.read_text()).items():
                lines += [line for one in known for line in copied_topic(kind, one, number)]
    file.write_text("\n".join(lines) + "\n")
    return file


def copied_topic(kind, topic, number):
    """A category or purpose under another code, every word of its patterns turned into one that nobody writes."""
    yield f"[[{kind}]]"
    changed = topic | {
        "code": f"{topic['code']}-{number}",
        "patterns": [turned(pattern, number) for pattern in topic["patterns"]],
        "exclusions": [turned(pattern, number) for pattern in topic.get("exclusions", [])],
        "matches": [],
        "rejects": [],
    }
    changed.pop("police_path_codes", None)
    for name, value in changed.items():
        yield f"{name} = {json.dumps(value, ensure_ascii=False)}"


def turned(pattern, number):
    """A pattern with the letters of its words moved on in the alphabet, behind two with which no word begins."""
    move = str.maketrans({chr(97 + at): chr(97 + (at + 2 * number + 1) % 26) for at in range(26)})
    return re.sub(r"(?<![\\a-z])[a-z]{3,}", lambda word: "xq" + word[0].translate(move), pattern)
