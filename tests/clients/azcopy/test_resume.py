"""A job that was killed on its way is taken up where it was."""

import json
import os
import signal
import subprocess
import time
import unittest

from test_azcopy import MIB, NORTH, AzCopyTest, at, azcopy, listed, transfers

FILES = 24


class Resumed(AzCopyTest):
    def killed(self, *arguments):
        """The id of a job that was killed when some of its files were there, and not all."""
        command = [os.environ["AZCOPY"], *map(str, arguments), "--output-type", "json", "--cap-mbps", "64"]
        job = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            said = next(line for line in map(json.loads, job.stdout) if line["MessageType"] == "Init")
            deadline = time.monotonic() + 60
            while not 0 < len(listed(at(NORTH, self.north))) < FILES:
                self.assertIsNone(job.poll(), "it ended before it was killed")
                self.assertLess(time.monotonic(), deadline, "it sends nothing")
                time.sleep(0.1)
        finally:
            job.send_signal(signal.SIGKILL)
            job.wait()
            job.stdout.close()
        return json.loads(said["MessageContent"])["JobID"]

    def test_a_killed_upload_is_finished(self):
        folder = self.here / "many"
        folder.mkdir()
        for number in range(FILES):
            (folder / f"{number:02}").write_bytes(os.urandom(MIB))
        job = self.killed("copy", f"{folder}/*", at(NORTH, self.north), "--from-to", "LocalBlob")
        self.assertLess(len(listed(at(NORTH, self.north))), FILES)
        done = azcopy("jobs", "resume", job, "--destination-sas", NORTH["sas"])
        self.assertEqual((transfers(done), done["JobStatus"]), ((FILES, 0), "Completed"))
        self.assertEqual(listed(at(NORTH, self.north)), {f"{number:02}": MIB for number in range(FILES)})
        azcopy("copy", at(NORTH, self.north, "*"), self.here / "back", "--recursive")
        self.assert_same(folder, self.here / "back")


if __name__ == "__main__":
    unittest.main()
