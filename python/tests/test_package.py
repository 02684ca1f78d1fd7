"""The two packages as an importer sees them."""

import ast
import glob
import json
import os
import unittest

from .trials import PYTHON_ROOT, TrialTestCase


class Package(TrialTestCase):
    def test_importing_does_nothing_and_loads_nothing_heavy(self):
        folder = self.temporary_folder()
        source = f"""
            import os, sys, threading
            os.chdir({folder!r})
            before, streams, threads = dict(os.environ), (sys.stdout, sys.stderr), threading.active_count()
            import nni, nni.trial, polyphase
            assert os.listdir(".") == []
            assert (dict(os.environ), (sys.stdout, sys.stderr), threading.active_count()) == (before, streams, threads)
            print([name for name in ("socket", "ssl", "http.client", "asyncio", "numpy") if name in sys.modules])
        """
        # Isolated from what site-packages load on their own.
        finished = self.start(source, {"POLYPHASE_URL": "nonsense", "PYTHONNOUSERSITE": "1"}).finish()
        self.assertEqual((finished.code, finished.stdout, finished.stderr), (0, "[]\n", ""))

    def test_both_names_are_one_client(self):
        import nni
        import nni.trial
        import polyphase

        for name in nni.trial.__all__:
            self.assertIs(getattr(nni, name), getattr(nni.trial, name))
            if not name.startswith("report_"):  # whose argument has another name there
                self.assertIs(getattr(nni, name), getattr(polyphase, name))
        self.assertEqual(nni.__all__, polyphase.__all__)
        for name in polyphase.__all__:
            self.assertTrue(hasattr(polyphase, name), name)

    def test_a_call_by_either_name_is_in_the_same_phase(self):
        manager = self.manage({"x": 1})
        self.run_well(
            """
            import polyphase, nni
            from nni import get_current_parameter
            from nni.trial import get_next_parameter
            get_next_parameter()
            assert get_current_parameter("x") == 1
            polyphase.report_intermediate_result(1)
            nni.report_final_result(2)
            """,
            manager,
        )
        self.assertEqual((manager.intermediates, manager.finals), ({(0, 0): 1}, {0: 2}))

    def test_results_may_be_named_as_nni_names_them(self):
        manager = self.manage({"x": 1})
        self.run_well(
            """
            import nni, nni.trial
            nni.get_next_parameter()
            nni.report_intermediate_result(metric=1)
            nni.trial.report_intermediate_result(metric=2)
            nni.report_final_result(metric=3)
            """,
            manager,
        )
        self.assertEqual((manager.intermediates, manager.finals), ({(0, 0): 1, (0, 1): 2}, {0: 3}))

    def test_a_trial_that_empties_its_environment_keeps_its_manager(self):
        manager = self.manage({"x": 1}, {"x": 2})
        printed = self.run_well(
            """
            import os, nni
            os.environ.clear()
            os.chdir("/")
            print(nni.get_next_parameter(), nni.get_next_parameter(), nni.get_trial_id())
            """,
            manager,
            NNI_TRIAL_JOB_ID="Ab3dE",
        )
        self.assertEqual(printed, "{'x': 1} {'x': 2} Ab3dE\n")

    def test_a_manager_that_is_written_over_after_the_import_is_none(self):
        finished = self.start(
            "import os, nni; os.environ['POLYPHASE_URL'] = ''; print(nni.get_next_parameter())",
            {"POLYPHASE_URL": "http://127.0.0.1:1"},
        ).finish()
        self.assertEqual((finished.code, finished.stdout), (0, "{}\n"), finished.stderr)


class Sources(unittest.TestCase):
    def test_every_file_is_python_3_8(self):
        files = glob.glob(os.path.join(PYTHON_ROOT, "**", "*.py"), recursive=True)
        self.assertGreater(len(files), 10)
        for path in files:
            with self.subTest(path), open(path, encoding="utf-8") as file:
                ast.parse(file.read(), path, feature_version=(3, 8))

    def test_both_packages_are_typed(self):
        for name in ("polyphase", "nni"):
            self.assertTrue(os.path.exists(os.path.join(PYTHON_ROOT, name, "py.typed")))

    def test_the_version_is_the_one_of_the_npm_package(self):
        import polyphase

        with open(os.path.join(os.path.dirname(PYTHON_ROOT), "package.json"), encoding="utf-8") as file:
            self.assertEqual(polyphase.__version__, json.load(file)["version"])
