"""What goes wrong in a user's class is told with file and line; and what it prints breaks nothing."""

import os
import signal

from .hosts import Host, HostTestCase, ended, parameters, space

TUNER = """
import os
import subprocess
import sys
from nni.tuner import Tuner

class Own(Tuner):
    def __init__(self, size=1, **rest):
        if size == 0:
            raise ValueError("no size")

    def update_search_space(self, search_space):
        helper(search_space)

    def generate_parameters(self, parameter_id, **kwargs):
        return kwargs["value"] if parameter_id else b"bytes"

    def receive_trial_result(self, parameter_id, parameters):
        pass

    def _on_exit(self):
        print("on exit")

    def _on_error(self):
        print("on error")

def helper(search_space):
    if search_space.get("exit"):
        sys.exit("enough")
    return unknown
"""


class Failures(HostTestCase):
    def failure(self, *messages, source=TUNER, **start):
        host = self.launch(start.pop("role", "tuner"), source, start.pop("name", "Own"), **start)
        for message in messages:
            host.say(**message)
        failed = host.hear("failed")
        self.assertEqual(host.gone(), 1)
        self.host = host
        return failed["message"].replace(host.folder, "FOLDER"), failed["method"]

    def test_name_the_innermost_line_of_the_users(self):
        told = dict(kind="tell", messages=[space(x=1)])
        self.assertEqual(
            self.failure(told),
            ("NameError: name 'unknown' is not defined (FOLDER/own.py:30, in helper)", "update_search_space"),
        )
        self.assertIn("Traceback", self.host.log())
        self.assertIn("on error", self.host.log())
        self.assertNotIn("on exit", self.host.log())

    def test_are_the_end_also_where_the_class_ends_the_process(self):
        told = dict(kind="tell", messages=[space(exit=1)])
        self.assertEqual(
            self.failure(told), ("SystemExit: enough (FOLDER/own.py:29, in helper)", "update_search_space")
        )

    def test_name_the_method_where_no_line_of_it_was_reached(self):
        told = dict(kind="tell", messages=[ended(0, "jobaa", 1)])
        message, method = self.failure(told)
        self.assertRegex(message, r"TypeError: .*receive_trial_result\(\) takes .*\(FOLDER/own.py:18, in receive_trial")
        self.assertEqual(method, "receive_trial_result")

    def test_outside_of_calls_name_the_line_but_no_method(self):
        source = TUNER + """

import signal

def late(*given): raise TimeoutError("too late")

signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.5)
"""
        message, method = self.failure(source=source)
        self.assertRegex(message, r"^TimeoutError: too late \(FOLDER/own.py:\d+, in late\)$")
        self.assertIsNone(method)

    def test_are_short_whatever_an_exception_says_and_need_no_working_directory(self):
        source = TUNER.replace(
            "raise ValueError(\"no size\")",
            "os.mkdir('away'); os.chdir('away'); os.rmdir('../away'); exec('raise ValueError(\"x\" * 1_000_000)')",
        )
        message, _ = self.failure(source=source, classArgs={"size": 0})
        self.assertRegex(message, r"^ValueError: x+ \.\.\. \(\d+ more\) \.\.\. x+ \(FOLDER/own.py:\d+, in __init__\)$")
        self.assertLess(len(message), 2_500)

    def test_name_the_method_whose_parameters_have_no_json_form(self):
        ask = dict(kind="ask", id=1, requests=[dict(parameterId=0, trialJobId="jobaa", parameterIndex=1)])
        message, _ = self.failure(ask)
        self.assertRegex(message, r"^the parameters: expected .* got bytes .*\(FOLDER/own.py:15, in generate_param")

    def test_name_an_integer_that_would_arrive_as_another(self):
        # 2**60 is a float, too, but the shortest text of that float is another integer.
        kept, rounded = [2**53, 2**80, 10**18, -(10**20)], [2**53 + 1, 2**60, -(2**63), 2**80 + 1, -(10**400)]
        for number, refused in [(number, number in rounded) for number in kept + rounded]:
            with self.subTest(number):
                source = TUNER.replace('b"bytes"', f'dict(seed=[1, {number}])')
                if not refused:
                    self.assertEqual(
                        self.ready("tuner", source, "Own").ask((0, "jobaa")), [parameters(dict(seed=[1, number]))]
                    )
                    continue
                ask = dict(kind="ask", id=1, requests=[dict(parameterId=0, trialJobId="jobaa", parameterIndex=0)])
                message, _ = self.failure(ask, source=source)
                self.assertRegex(message, rf"^the parameters: expected integers .* got {number}; give it as text \(FOLDER")

    def test_of_the_constructor_name_its_arguments_or_its_line(self):
        self.assertEqual(self.failure(classArgs={"size": 0})[0], "ValueError: no size (FOLDER/own.py:10, in __init__)")
        source = TUNER.replace(", **rest", "")
        message, method = self.failure(source=source, classArgs={"sise": 3})
        self.assertEqual(
            message,
            "classArgs do not fit Own(size=1): got an unexpected keyword argument 'sise' "
            "(FOLDER/own.py:8, in __init__)",
        )
        self.assertEqual(method, "__init__")

    def test_the_constructor_may_call_its_arguments_as_it_likes(self):
        source = TUNER.replace(", **rest", ", method=0, function=0, found=0")
        arguments = {"size": 2, "method": "adam", "function": "relu", "found": 1}
        self.assertEqual(self.ready("tuner", source, "Own", classArgs=arguments).close(), 0)
        message, method = self.failure(classArgs={"self": 1})
        self.assertRegex(message, r"^TypeError: .*__init__\(\) got multiple values for argument 'self'")
        self.assertEqual(method, "__init__")

    def test_of_loading_say_what_is_missing(self):
        self.assertEqual(
            self.failure(name="Owm")[0],
            "className: there is no class Owm in FOLDER/own.py; it defines Own; did you mean Own?",
        )
        self.assertEqual(
            self.failure(classFileName="owm.py")[0],
            "classFileName: expected a file in codeDir, there is none: FOLDER/owm.py; did you mean own.py?",
        )
        self.assertRegex(self.failure(source="x = 1\nclass Own(:")[0], r"SyntaxError: .*\(FOLDER/own.py:2\)")
        self.assertRegex(
            self.failure(source="import nothing_such")[0], r"ModuleNotFound.*\(FOLDER/own.py:1, in <module>"
        )
        self.assertEqual(
            self.failure(role="assessor")[0],
            "Own is not an assessor: it has no assess_trial; it looks like one of section 'tuner' (FOLDER/own.py)",
        )


class Surroundings(HostTestCase):
    def test_a_function_may_make_the_object(self):
        host = self.ready("tuner", TUNER + "\n\ndef make(size): return Own(size)", "make", classArgs={"size": 2})
        self.assertEqual(host.close(), 0)
        host = self.launch("tuner", "def make(): return 3", "make")
        self.assertIn("what make made is not a tuner: it has no update_search_space,", host.hear("failed")["message"])

    def test_prints_do_not_reach_the_manager_whoever_prints(self):
        host = self.ready(
            "tuner",
            """
            import os, subprocess, sys
            from nni.tuner import Tuner

            print("printed on import")

            class Loud(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    print("printed")
                    os.write(1, b"written\\n")
                    subprocess.check_call(["sh", "-c", "echo by a program; cat"])
                    child = os.fork()
                    if child == 0:
                        print("by a child")
                        sys.stdout.flush()
                        os._exit(0)
                    os.waitpid(child, 0)
                    return sys.stdin.read()
            """,
            "Loud",
        )
        self.assertEqual(host.ask((0, "jobaa")), [parameters("")])
        self.assertEqual(host.close(), 0)
        self.assertEqual(
            host.log().splitlines(), ["printed on import", "printed", "written", "by a program", "by a child"]
        )

    def test_a_child_that_outlives_the_host_does_not_hold_its_pipes(self):
        host = self.ready(
            "tuner",
            """
            import os, signal
            from nni.tuner import Tuner

            class Forking(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    child = os.fork()
                    while child == 0: signal.pause()
                    return child
            """,
            "Forking",
        )
        child = host.ask((0, "jobaa"))[0]["parameters"]
        self.addCleanup(os.kill, child, signal.SIGKILL)
        host.process.kill()
        self.assertEqual(host.process.stdout.read(), b"")
        os.kill(child, 0)  # it is still there

    def test_closed_files_neither_hide_a_failure_nor_keep_the_manager_waiting(self):
        source = """
            import os, sys
            from nni.tuner import Tuner

            class Closing(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    if parameter_id == 1:
                        os.closerange(0, 64)
                        return 1
                    if parameter_id == 2:
                        os.closerange(0, 1024)
                        self.files = [open(f"{os.environ['NNI_CHECKPOINT_DIRECTORY']}-{n}", "wb") for n in range(16)]
                        return 1
                    sys.stdin.close()
                    sys.stdout.close()
                    sys.stderr.close()
                    raise ValueError("closed")
            """
        host = self.ready("tuner", source, "Closing")
        host.begin_to_ask((0, "jobaa"))
        self.assertIn("ValueError: closed", host.hear("failed")["message"])
        self.assertEqual(host.process.wait(), 1)
        host = self.ready("tuner", source, "Closing")
        self.assertEqual(host.ask((1, "jobaa")), [parameters(1)])  # nobody's files by number
        host.begin_to_ask((2, "jobaa"))
        self.assertEqual(host.process.wait(), 1)
        self.assertEqual([os.path.getsize(f"{host.folder}/checkpoint-{n}") for n in range(16)], [0] * 16)

    def test_a_forked_child_that_comes_back_writes_to_nobody(self):
        source = """
            import os
            from nni.tuner import Tuner

            class Forking(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    if os.fork():
                        os.wait()
                        return 1
                    self.files = [open(f"{os.environ['NNI_CHECKPOINT_DIRECTORY']}-{n}", "wb") for n in range(250)]
                    return 2
            """
        host = self.ready("tuner", source, "Forking")
        self.assertEqual(host.ask((0, "jobaa")), [parameters(1)])
        self.assertEqual(host.close(), 0)
        self.assertEqual([os.path.getsize(f"{host.folder}/checkpoint-{n}") for n in range(250)], [0] * 250)

    def test_a_pool_of_workers_is_wound_up(self):
        source = """
            from concurrent.futures import ProcessPoolExecutor
            from nni.tuner import Tuner

            class Pooling(Tuner):
                def __init__(self): self.pool = ProcessPoolExecutor(1)
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs): return self.pool.submit(abs, -1).result()
            """
        host = self.ready("tuner", source, "Pooling")
        self.assertEqual(host.ask((0, "jobaa")), [parameters(1)])
        self.assertEqual(host.close(), 0)

    def test_a_crash_is_in_the_log_with_its_line_and_prints_fail_for_no_letter(self):
        source = """
            import os, signal
            from nni.tuner import Tuner

            class Crashing(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    print("gr\\u00fc\\udc80")
                    os.kill(os.getpid(), signal.SIGSEGV)
            """
        host = self.ready("tuner", source, "Crashing", environment={"PYTHONIOENCODING": "ascii"})
        host.begin_to_ask((0, "jobaa"))
        self.assertEqual(host.process.wait(), -signal.SIGSEGV)
        self.assertIn("gr\\xfc\\udc80\n", host.log())
        self.assertIn(f'File "{host.folder}/own.py", line 10 in generate_parameters', host.log())

    def test_what_ends_a_thread_of_its_own_is_said_and_ends_nothing_else(self):
        source = """
            import sys, threading
            class Own:
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    for target in (self.watch, sys.exit):
                        thread = threading.Thread(target=target)
                        thread.start()
                        thread.join()
                    return parameter_id
                def watch(self):
                    {}["missing"]
            """
        host = self.ready("tuner", source, "Own")
        self.assertEqual(host.ask((7, "jobaa")), [parameters(7)])
        self.assertEqual([said["level"] for said in host.aside], ["warning"])
        ended = r"^a thread of its own has ended: KeyError: 'missing' \(/.*own.py:13, in watch\)$"
        self.assertRegex(host.aside[0]["message"], ended)
        self.assertIn("Traceback", host.log())

    def test_what_the_manager_says_is_read_or_the_host_fails(self):
        host = self.ready("tuner", TUNER, "Own")
        host.process.stdin.write(b'{"kind":"tell","messages":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n")
        host.process.stdin.flush()
        self.assertIn("RecursionError", host.hear("failed")["message"])
        self.assertEqual(host.gone(), 1)

    def test_programs_that_it_started_end_with_it_when_the_manager_is_gone(self):
        host = self.ready(
            "tuner",
            """
            import os, subprocess
            from nni.tuner import Tuner

            os.setpgid(0, 0)  # as the manager starts it

            class Starting(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    os.mkfifo("fifo")
                    subprocess.Popen(["sh", "-c", "exec sleep 1000 > fifo"])
                    self.end = open("fifo")
                    return 1
                def _on_exit(self): print("on exit")
            """,
            "Starting",
        )
        host.ask((0, "jobaa"))
        with open(f"{host.folder}/log/fifo", encoding="utf-8") as until_it_ends:
            host.gone()
            self.assertEqual(until_it_ends.read(), "")
        self.assertEqual(host.log(), "on exit\n")

    def test_the_users_file_wins_over_a_module_of_the_same_name(self):
        source = """
            import json as installed
            import sched as helper
            from nni.tuner import Tuner

            class Own(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs): return [hasattr(installed, "dumps"), helper.name]
        """
        for file in ("json.py", "unittest.py"):  # loaded by then, and not yet
            with self.subTest(file):
                folder = self.folder()
                with open(f"{folder}/sched.py", "w", encoding="utf-8") as helper:
                    helper.write("name = 'beside it'")
                host = self.ready("tuner", source, "Own", folder=folder, file=file, classFileName=file)
                self.assertEqual(host.ask((0, "jobaa")), [parameters([True, "beside it"])])

    def test_a_file_in_a_package_imports_its_neighbours_and_one_in_a_folder_those_beside_it(self):
        folder = self.folder()
        os.makedirs(f"{folder}/outer/inner")
        os.makedirs(f"{folder}/plain")
        for name in ("outer/__init__.py", "outer/inner/__init__.py"):
            open(f"{folder}/{name}", "w", encoding="utf-8").close()
        for name in ("outer/far.py", "outer/inner/near.py", "plain/beside.py", "below.py"):
            with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
                file.write(f"name = {name!r}")
        for file, imports, found in (
            ("outer/inner/own.py", "from .. import far as a\nfrom .near import name as b", "outer/far.py"),
            ("outer/inner/own.py", "from outer import far as a\nimport below", "outer/far.py"),
            ("plain/own.py", "import beside as a\nimport below", "plain/beside.py"),
        ):
            with self.subTest(imports):
                source = imports + TUNER.replace('b"bytes"', "a.name")
                host = self.ready("tuner", source, "Own", folder=folder, file=file)
                self.assertEqual(host.ask((0, "jobaa")), [parameters(found)])

    def test_says_where_it_is_while_the_tuner_is_busy_and_ends_when_the_manager_is_gone(self):
        host = self.ready(
            "tuner",
            """
            import os
            from nni.tuner import Tuner

            class Busy(Tuner):
                def update_search_space(self, space): pass
                def receive_trial_result(self, *given): pass
                def generate_parameters(self, parameter_id, **kwargs):
                    while not os.path.exists("go on"): pass
                    return 1
                def _on_exit(self): print("on exit")
            """,
            "Busy",
        )
        self.assertEqual(host.where(), (1, None))
        host.begin_to_ask((0, "jobaa"))
        host.wait_for("generate_parameters")
        self.assertEqual(host.where(), (2, "generate_parameters"))
        host.process.send_signal(signal.SIGINT)  # of a Control-C in the manager's terminal
        host.begin_to_ask((1, "jobbb"))  # nobody waits for this one in the end
        host.say(kind="close")
        with open(f"{host.folder}/log/go on", "w", encoding="utf-8"):
            pass
        self.assertEqual(host.gone(), 0)
        self.assertEqual([message["kind"] for message in host.aside], ["proposals"])
        self.assertEqual(host.log(), "on exit\n")

    def test_log_lines_go_to_the_log_from_their_level_on(self):
        host = self.ready(
            "tuner",
            """
            import logging
            from nni.tuner import Tuner
            from nni.utils import init_dispatcher_logger
            init_dispatcher_logger()
            log = logging.getLogger("own_AutoML")
            log.info("not this")
            log.warning("but this")

            class Own(Tuner):
                pass
            """,
            "Own",
            environment={"NNI_LOG_LEVEL": "warning"},
        )
        self.assertEqual(host.close(), 0)
        self.assertRegex(host.log(), r"^\[[-\d :,]+\] WARNING \(own_AutoML/MainThread\) but this\n$")

    def test_a_manager_that_never_says_start_is_no_error(self):
        host = Host(self.folder(), {})
        self.addCleanup(host.process.stdout.close)
        self.addCleanup(host.watchdog.cancel)
        self.assertEqual(host.gone(), 0)
        self.assertEqual(host.log(), "")
