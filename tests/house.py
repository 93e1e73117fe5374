"""The rules of the house that no lint knows: purity of core, arrows between crates, sizes, names."""

import json
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Who may depend on whom, dev-dependencies aside.
ARROWS = {
    "blobferry-core": set(),
    "blobferry": {"blobferry-core"},
    "blobferry-emulator": {"blobferry-core"},
    "blobferry-cli": {"blobferry-core", "blobferry", "blobferry-emulator"},
}
CORE_DEPENDENCIES = 12
CORE_MEDIAN = 150
FILE_LIMIT = 400

IMPURE = re.compile(
    r"std::(net|fs|env|thread|process|io)\b|Instant::now|SystemTime|\btokio\b|getrandom|\brand::|HashMap|HashSet"
)
NAMELESS = re.compile(r"(^|/)(utils?|helpers?|misc|common|managers?)(\.|/)", re.IGNORECASE)
LEFT_OVER = re.compile(r"\btodo!\(|\bunimplemented!\(|\b(FIXME|XXX)\b|#\[ignore")


def tracked(*patterns):
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in map(pathlib.Path, listed.splitlines()) if (ROOT / path).is_file()]


def lines(path):
    return (ROOT / path).read_text().splitlines()


def only_for_tests():
    """Modules that a parent declares under cfg(test), by the path of their file."""
    declared = re.compile(r"#\[cfg\(test\)\]\s*(?:pub\(\w+\) )?mod (\w+);")
    for path in tracked("*.rs"):
        folder = path.parent if path.stem in ("lib", "main", "mod") else path.with_suffix("")
        for name in declared.findall((ROOT / path).read_text()):
            yield folder / f"{name}.rs"


ONLY_FOR_TESTS = set()


def without_tests(path):
    """The file's lines up to its test module, which stands last."""
    if path in ONLY_FOR_TESTS or "tests" in path.parts:
        return []
    found = lines(path)
    for at, line in enumerate(found):
        if line.strip() == "#[cfg(test)]" and at + 1 < len(found) and found[at + 1].strip().startswith("mod "):
            return found[:at]
    return found


def impure():
    for path in tracked("core/src/*.rs"):
        for at, line in enumerate(without_tests(path), 1):
            code = line.split("//")[0]
            if IMPURE.search(code):
                yield f"{path}:{at}: core may not know this: {line.strip()}"


def crossed_arrows():
    metadata = json.loads(
        subprocess.run(
            ["cargo", "metadata", "--no-deps", "--format-version", "1", "--locked"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout
    )
    for package in metadata["packages"]:
        allowed = ARROWS.get(package["name"])
        direct = {need["name"] for need in package["dependencies"] if need["kind"] != "dev"}
        if allowed is not None:
            for name in sorted(direct & set(ARROWS) - allowed):
                yield f"{package['name']} may not depend on {name}"
        if package["name"] == "blobferry-core":
            print(f"core: {len(direct)} direct dependencies of at most {CORE_DEPENDENCIES}: {', '.join(sorted(direct))}")
            if len(direct) > CORE_DEPENDENCIES:
                yield f"core has {len(direct)} direct dependencies, at most {CORE_DEPENDENCIES} are allowed"


def oversized():
    sources = tracked("core/src/*.rs", "client/src/*.rs", "emulator/src/*.rs", "cli/src/*.rs")
    sizes = {path: len(without_tests(path)) for path in sources}
    for path, size in sizes.items():
        if size > FILE_LIMIT:
            yield f"{path}: {size} lines without tests, at most {FILE_LIMIT} are allowed"
    core = [size for path, size in sizes.items() if path.parts[0] == "core" and size]
    median = statistics.median(core)
    print(f"core: {len(core)} files, median {median:g} lines without tests, longest {max(core)}")
    if median > CORE_MEDIAN:
        yield f"core's median file has {median:g} lines, at most {CORE_MEDIAN} are allowed"


def nameless():
    for path in tracked():
        if NAMELESS.search(str(path)):
            yield f"{path}: a name that says nothing"


def left_over():
    for path in tracked("*.rs", "*.py", "*.sh"):
        if path == pathlib.Path("tests/house.py"):
            continue
        for at, line in enumerate(lines(path), 1):
            if LEFT_OVER.search(line):
                yield f"{path}:{at}: left over: {line.strip()}"


def main():
    ONLY_FOR_TESTS.update(only_for_tests())
    found = [line for rule in (impure, crossed_arrows, oversized, nameless, left_over) for line in rule()]
    if found:
        print("\n".join(found))
        sys.exit(1)


if __name__ == "__main__":
    main()
