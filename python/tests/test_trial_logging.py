"""Where log lines of a trial go that was written for NNI."""

from .trials import TrialTestCase

TRIAL = {"NNI_PLATFORM": "local", "PYTHONNOUSERSITE": "1"}


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

    def test_what_the_trial_configures_counts(self):
        configure = "logging.basicConfig(level='ERROR', format='mine: %(message)s')"
        for before, after in ((configure, ""), ("", configure)):
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
                    if text.strip(): logging.getLogger("a").info(text)
                def flush(self): pass
            sys.stdout = Log()
            import nni
            print("hello")
            """
        )
        self.assertEqual(len(finished.stdout.splitlines()), 1)
        self.assertIn("hello", finished.stdout)

    def test_outside_of_a_trial_job_logging_is_as_python_has_it(self):
        finished = self.start("import nni, logging; logging.getLogger('a').info('x')", {}).finish()
        self.assertEqual((finished.stdout, finished.stderr), ("", ""))
