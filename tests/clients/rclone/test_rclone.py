"""rclone keeps files in two accounts of the emulator, and copies between them within the service."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest
import uuid

ACCOUNTS = json.loads(os.environ["BLOBFERRY_EMULATOR"])["accounts"]
KIB, MIB = 1 << 10, 1 << 20


def remotes():
    """The remotes `north` and `south`, and `guest`, which has a SAS of the first account."""
    said = {}
    for name, account in zip(("NORTH", "SOUTH"), ACCOUNTS):
        key = dict(part.split("=", 1) for part in account["connection_string"].rstrip(";").split(";"))["AccountKey"]
        for word, value in ("TYPE", "azureblob"), ("ACCOUNT", account["name"]), ("KEY", key), ("ENDPOINT", account["url"]):
            said[f"RCLONE_CONFIG_{name}_{word}"] = value
    said["RCLONE_CONFIG_GUEST_TYPE"] = "azureblob"
    said["RCLONE_CONFIG_GUEST_SAS_URL"] = f"{ACCOUNTS[0]['url']}/?{ACCOUNTS[0]['sas']}"
    return said


def rclone(*arguments, stdin=None, refused=False):
    command = [os.environ["RCLONE"], *map(str, arguments), "--config", "", "--retries", "1", "--low-level-retries", "1"]
    ended = subprocess.run(command, input=stdin, capture_output=True, timeout=120, env={**os.environ, **remotes()})
    assert (ended.returncode != 0) == refused, (arguments, ended.stdout[-2000:], ended.stderr[-4000:])
    return ended.stderr.decode() if refused else ended.stdout


def listed(place, *options):
    return {item["Path"]: item for item in json.loads(rclone("lsjson", "--recursive", "--files-only", "--hash", place, *options))}


class RcloneTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.here = pathlib.Path(folder.name)
        self.north, self.south = self.container("north"), self.container("south")

    def container(self, remote):
        place = f"{remote}:c{uuid.uuid4().hex}"
        rclone("mkdir", place)
        self.addCleanup(rclone, "purge", place)
        return place

    def files(self):
        folder = self.here / "files"
        for name, size in {"a.txt": 5, "deep/er/b.bin": 2 * MIB + 17, "empty": 0, "ü & 100 %+#?.txt": 9}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(os.urandom(size))
        return folder


class Files(RcloneTest):
    def test_a_folder_goes_up_and_is_the_same_there(self):
        folder = self.files()
        rclone("copy", folder, self.north)
        rclone("check", folder, self.north)
        rclone("check", "--download", folder, self.north)
        self.assertEqual({path: item["Size"] for path, item in listed(self.north).items()}, {
            "a.txt": 5, "deep/er/b.bin": 2 * MIB + 17, "empty": 0, "ü & 100 %+#?.txt": 9,
        })
        rclone("copy", self.north, self.here / "back")
        rclone("check", folder, self.here / "back")

    def test_large_files_go_up_in_chunks(self):
        folder = self.files()
        rclone("copy", folder, self.north, "--azureblob-chunk-size", "100Ki", "--azureblob-upload-concurrency", "4")
        rclone("check", "--download", folder, self.north)
        # rclone keeps the hash of what it sent in parts.
        self.assertIn("md5", listed(self.north)["deep/er/b.bin"]["Hashes"])

    def test_a_second_copy_moves_nothing(self):
        folder = self.files()
        rclone("copy", folder, self.north)
        before = listed(self.north)
        rclone("copy", folder, self.north)
        self.assertEqual(listed(self.north), before)

    def test_a_pipe_is_written_and_parts_are_read(self):
        rclone("rcat", f"{self.north}/piped", stdin=b"0123456789" * 100)
        self.assertEqual(rclone("cat", f"{self.north}/piped", "--offset", "995"), b"56789")
        self.assertEqual(rclone("cat", f"{self.north}/piped", "--offset", "13", "--count", "4"), b"3456")
        self.assertEqual(rclone("cat", f"{self.north}/piped", "--tail", "2"), b"89")

    def test_a_sync_deletes_and_keeps_what_it_replaces_elsewhere(self):
        folder = self.files()
        rclone("sync", folder, f"{self.north}/now")
        (folder / "a.txt").write_text("changed")
        (folder / "empty").unlink()
        rclone("sync", folder, f"{self.north}/now", "--backup-dir", f"{self.north}/before")
        rclone("check", folder, f"{self.north}/now")
        self.assertEqual(sorted(listed(f"{self.north}/before")), ["a.txt", "empty"])

    def test_files_that_differ_are_named(self):
        folder = self.files()
        rclone("copy", folder, self.north)
        (folder / "a.txt").write_text("other")
        self.assertIn("1 differences found", rclone("check", folder, self.north, refused=True))

    def test_times_are_kept_and_changed(self):
        (self.here / "a").write_text("x")
        os.utime(self.here / "a", (1_000_000_000, 1_000_000_000))
        rclone("copyto", self.here / "a", f"{self.north}/a")
        self.assertTrue(listed(self.north)["a"]["ModTime"].startswith("2001-09-09T01:46:40"))
        rclone("touch", f"{self.north}/a", "--timestamp", "2020-02-02T00:00:00")
        self.assertTrue(listed(self.north)["a"]["ModTime"].startswith("2020-02-02"))

    def test_files_are_deleted_one_by_one_and_by_filter(self):
        rclone("copy", self.files(), self.north)
        rclone("deletefile", f"{self.north}/a.txt")
        rclone("delete", self.north, "--min-size", "1M")
        self.assertEqual(sorted(listed(self.north)), ["empty", "ü & 100 %+#?.txt"])

    def test_equal_files_are_deduplicated_by_their_hash(self):
        for name in "abc":
            rclone("rcat", f"{self.north}/{name}", stdin=b"other" if name == "c" else b"same")
        rclone("dedupe", "--by-hash", "--dedupe-mode", "first", self.north)
        self.assertEqual(len(listed(self.north)), 2)

    def test_folders_are_kept_where_asked(self):
        rclone("mkdir", f"{self.north}/a/folder", "--azureblob-directory-markers")
        seen = rclone("lsf", "--dirs-only", "--recursive", self.north, "--azureblob-directory-markers")
        self.assertEqual(sorted(seen.split()), [b"a/", b"a/folder/"])

    def test_long_listings_come_in_pages(self):
        folder = self.here / "many"
        folder.mkdir()
        for number in range(25):
            (folder / f"{number:03d}").write_text("x")
        rclone("copy", folder, self.north, "--transfers", "8")
        self.assertEqual(len(listed(self.north, "--azureblob-list-chunk", "10")), 25)

    def test_a_tier_is_given_and_changed(self):
        (self.here / "a").write_text("x")
        rclone("copy", self.here / "a", self.north, "--azureblob-access-tier", "Cool")
        self.assertEqual(listed(self.north)["a"]["Tier"], "Cool")
        rclone("settier", "Hot", self.north)
        self.assertEqual(listed(self.north)["a"]["Tier"], "Hot")


class WithinTheService(RcloneTest):
    def unread(self, *arguments):
        """Copies, and shows that the content did not pass through here."""
        rclone(*arguments, "--dump", "headers", "--log-file", self.here / "log")
        requests = (self.here / "log").read_text()
        self.assertIn("X-Ms-Copy-Source", requests)
        self.assertNotIn("\nRange: bytes", requests)

    def test_a_folder_is_copied_inside_an_account(self):
        folder = self.files()
        rclone("copy", folder, f"{self.north}/one")
        self.unread("copy", f"{self.north}/one", f"{self.north}/two")
        rclone("check", "--download", folder, f"{self.north}/two")

    def test_a_large_file_is_copied_in_blocks(self):
        folder = self.files()
        rclone("copy", folder, f"{self.north}/one")
        parts = ["--azureblob-copy-cutoff", "1Mi", "--azureblob-chunk-size", "512Ki", "--azureblob-use-copy-blob=false"]
        self.unread("copy", f"{self.north}/one", f"{self.north}/two", *parts)
        rclone("check", "--download", folder, f"{self.north}/two")

    def test_a_container_is_copied_from_another_account(self):
        folder = self.files()
        rclone("copy", folder, self.south)
        self.unread("copy", self.south, self.north, "--server-side-across-configs")
        rclone("check", "--download", folder, self.north)
        self.unread("sync", self.south, f"{self.north}/parts", "--server-side-across-configs", "--azureblob-copy-cutoff", "1Mi")
        rclone("check", "--download", folder, f"{self.north}/parts")

    def test_files_are_moved(self):
        folder = self.files()
        rclone("copy", folder, f"{self.north}/one")
        rclone("moveto", f"{self.north}/one", f"{self.north}/two")
        rclone("check", folder, f"{self.north}/two")
        self.assertEqual(len(listed(self.north)), 4)


class Access(RcloneTest):
    def test_a_sas_is_enough(self):
        place = self.north.replace("north:", "guest:")
        rclone("rcat", f"{place}/a", stdin=b"x")
        self.assertEqual(rclone("cat", f"{self.north}/a"), b"x")

    def test_containers_are_listed_and_end(self):
        self.assertIn(self.north.split(":")[1] + "/", rclone("lsf", "north:").decode().split())
        again = self.container("north")
        rclone("rmdir", again)
        self.assertNotIn(again.split(":")[1] + "/", rclone("lsf", "north:").decode().split())
        rclone("mkdir", again)

    def test_a_container_that_holds_something_is_not_removed_as_empty(self):
        rclone("rcat", f"{self.north}/a", stdin=b"x")
        rclone("rmdir", self.north, refused=True)

    def test_two_folders_follow_each_other(self):
        left, right = self.here / "left", f"{self.north}/right"
        left.mkdir()
        (left / "a").write_text("from the left")
        rclone("rcat", f"{right}/b", stdin=b"from the right")
        both = ["bisync", left, right, "--workdir", self.here / "state"]
        rclone(*both, "--resync")
        self.assertEqual((left / "b").read_text(), "from the right")
        rclone("rcat", f"{right}/c", stdin=b"new")
        rclone(*both)
        self.assertEqual((left / "c").read_text(), "new")


if __name__ == "__main__":
    unittest.main()
