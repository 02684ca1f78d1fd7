"""Where log lines of a trial go that was written for NNI."""

import os

from .trials import TrialTestCase

TRIAL = {"POLYPHASE_TRIAL_JOB_ID": "abcde", "PYTHONNOUSERSITE": "1"}


class TrialLogging(TrialTestCase):
    def logged(self, source, **environment):
        finished = self.start(source, dict(TRIAL, **environment)).finish()
        self.assertEqual(finished.code, 0, finished.stderr)
        return finished

    def test_lines_from_info_on_are_printed_in_their_place(self):
        finished = self.logged(
            """
            import nni
            import logging
            log = logging.getLogger("mnist")
            print("before")
            log.debug("loud")
            log.info("epoch %d", 1)
            log.warning("odd")
            print("after")
            """
        )
        lines = finished.stdout.splitlines()
        self.assertEqual((lines[0], lines[3], len(lines), finished.stderr), ("before", "after", 4, ""))
        self.assertRegex(lines[1], r"^\[.*\] INFO \(mnist/MainThread\) epoch 1$")
        self.assertRegex(lines[2], r"^\[.*\] WARNING \(mnist/MainThread\) odd$")

    def test_a_logger_may_ask_for_more(self):
        finished = self.logged("import logging, nni; log = logging.getLogger('a'); log.setLevel('DEBUG'); log.debug('x')")
        self.assertIn("DEBUG (a/MainThread) x", finished.stdout)

    def test_errors_are_in_stderr_too_where_the_reason_of_a_failure_is_looked_for(self):
        finished = self.logged("import logging, nni; logging.error('no data')")
        self.assertRegex(finished.stdout, r"^\[.*\] ERROR \(root/MainThread\) no data\n$")
        self.assertEqual(finished.stderr, "no data\n")

    def test_a_child_whose_output_is_read_logs_past_it(self):
        folder = self.temporary_folder()
        path = os.path.join(folder, "trial.log")
        with open(path, "w", encoding="utf-8") as log:
            log.write("before\n")
        finished = self.logged("import logging, nni; logging.info('x'); print('answer')", NNI_OUTPUT_DIR=folder)
        self.assertEqual(finished.stdout, "answer\n")
        with open(path, encoding="utf-8") as log:
            self.assertRegex(log.read(), r"^before\n\[.*\] INFO \(root/MainThread\) x\n$")

    def test_a_trial_that_has_closed_its_output_logs_past_it(self):
        path = os.path.join(self.temporary_folder(), "trial.log")
        open(path, "w", encoding="utf-8").close()
        for close in ("sys.stdout.close()", "os.close(1)", "sys.__stdout__ = sys.stdout = None"):
            with self.subTest(close):
                finished = self.logged(
                    f"import os, sys; {close}\nimport nni, logging; logging.error(chr(0xDC80))\nos._exit(0)",
                    NNI_OUTPUT_DIR=os.path.dirname(path),
                )
                self.assertEqual((finished.stdout, finished.stderr), ("", "\\udc80\n"))
                with open(path, encoding="utf-8") as log:
                    self.assertRegex(log.readlines()[-1], r"^\[.*\] ERROR \(root/MainThread\) \\udc80$")

    def test_a_trial_that_has_set_up_logging_keeps_that(self):
        configure = "logging.basicConfig(level='ERROR', format='mine: %(message)s'{})"
        for before, after in ((configure.format(""), ""), ("", configure.format(", force=True"))):
            with self.subTest(after=after):
                finished = self.logged(
                    f"import logging; {before or 'pass'}\nimport nni\n{after}\nlogging.info('x'); logging.error('y')"
                )
                self.assertEqual((finished.stdout, finished.stderr), ("", "mine: y\n"))

    def test_prints_that_become_log_lines_come_to_an_end(self):
        finished = self.logged(
            """
            import logging, sys
            class Log:
                def write(self, text):
                    if text.strip(): logging.getLogger("a").error(text)
                def flush(self): pass
            sys.stdout = sys.stderr = Log()
            import nni
            print("hello")
            """
        )
        self.assertRegex(finished.stdout, r"^\[.*\] ERROR \(a/MainThread\) hello\n$")
        self.assertEqual(finished.stderr, "hello\n")

    def test_outside_of_a_trial_job_logging_is_as_python_has_it(self):
        for environment in ({}, {"NNI_PLATFORM": "local"}):
            finished = self.start("import nni, logging; logging.getLogger('a').info('x')", environment).finish()
            self.assertEqual((finished.stdout, finished.stderr), ("", ""))
