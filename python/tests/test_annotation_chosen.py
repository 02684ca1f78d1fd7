"""The code of one phase: values stand where annotations and samplers were."""

import json
import os
import subprocess
import sys
import textwrap

from .annotated import AnnotationTestCase
from .trials import PYTHON_ROOT


class Chosen(AnnotationTestCase):
    def choose(self, source, parameters, *arguments):
        """Folder of the copy, and the answer. ``parameters`` by the part of their key after ``trial/``."""
        folder = self.code_directory(trial=source)
        copy = os.path.join(self.temporary_folder(), "copy")
        finished = subprocess.run(
            [sys.executable, "-m", "polyphase.annotation", "--chosen", folder, copy, *arguments],
            input=json.dumps({f"trial/{name}": value for name, value in parameters.items()}),
            env=dict(os.environ, PYTHONPATH=PYTHON_ROOT, PYTHONDONTWRITEBYTECODE="1"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
        )
        self.assertEqual(finished.stderr, "")
        return copy, json.loads(finished.stdout)

    def assert_becomes_plain(self, source, parameters, expected, *arguments):
        copy, answer = self.choose(source, parameters, *arguments)
        self.assertEqual(answer, {"files": ["trial.py"]})
        text = self.read(copy, "trial.py")
        self.assertEqual(text, textwrap.dedent(expected))
        self.assertEqual(text.count("\n"), source.count("\n"), "lines keep their numbers")

    def faults(self, source, parameters):
        copy, answer = self.choose(source, parameters)
        self.assertFalse(os.path.exists(copy))
        return [f"{fault['line']}: {fault['message']}" for fault in answer["errors"]]

    def test_annotations(self):
        self.assert_becomes_plain(
            '''
            """A trial."""

            for _ in range(9):
                """@nni.get_next_parameter()"""
                """@nni.variable(
                    nni.uniform(0, 1),
                    name=rate)"""
                rate = -5  # by hand
                """@nni.variable(nni.choice('a', 5*6, None), name=self.x)"""
                self.x = [1,
                          2]
                """@nni.function_choice(f(a), g(b, c), name=f)"""
                y = 1 + f(a) * f(a)
                """@nni.training_update(tf)"""
                """@nni.report_final_result(y)"""  # done
            ''',
            {"rate/uniform": 0.25, "self.x/choice": "(5 * 6)", "f/function_choice": "g(b, c)"},
            '''
            """A trial."""

            for _ in range(9):
                # """@nni.get_next_parameter()"""
                # """@nni.variable(
                #     nni.uniform(0, 1),
                #     name=rate)"""
                rate = 0.25  # by hand
                # """@nni.variable(nni.choice('a', 5*6, None), name=self.x)"""
                self.x = (5*6
            )
                # """@nni.function_choice(f(a), g(b, c), name=f)"""
                y = 1 + g(b, c) * g(b, c)
                # """@nni.training_update(tf)"""
                # """@nni.report_final_result(y)"""  # done
            ''',
        )

    def test_a_block_of_annotations_alone_still_holds_something(self):
        self.assert_becomes_plain(
            '''
            x = nni.choice(1, 2)
            if x:
                """@nni.report_intermediate_result(x)"""
                """@nni.report_intermediate_result(x)"""
            else: """@nni.report_final_result(x)"""
            """@nni.get_next_parameter()"""; y = 1
            ''',
            {"__line2/choice": 2},
            '''
            x = 2
            if x:
                pass  # """@nni.report_intermediate_result(x)"""
                # """@nni.report_intermediate_result(x)"""
            else: pass
            pass; y = 1
            ''',
        )

    def test_calls_in_plain_code_become_values_that_mean_the_same_there(self):
        self.assert_becomes_plain(
            """
            a = nni.choice(-1, 2 + 3, name="a") ** 2 + nni.uniform(-1, 0, name="b").real
            c = [nni.choice("x", (1, 2), name="c"), nni.randint(1, 5, name="d") * 2]
            e = nni.choice({"small": Net(1), "large": Net(2)}, name="e").train(nni.normal(0, 1, name="f"))
            g = nni.function_choice(lambda: nni.choice(1, 2, name="h") + 1,
                other, name="g") * 2
            i = nni.function_choice(one, two.two, lambda x=3: x, name="i")
            j = nni.choice(one, lambda x: x, name="j")(nni.randint(1, 5, name="k").bit_length())
            """,
            {
                "a/choice": -1, "b/uniform": -0.5, "c/choice": "(1, 2)", "d/randint": 3, "e/choice": "large",
                "f/normal": -0.125, "g/function_choice": 'lambda: nni.choice(1, 2, name="h") + 1', "h/choice": 2,
                "i/function_choice": "lambda x=3: x", "j/choice": "lambda x: x", "k/randint": 4,
            },
            """
            a = (-1) ** 2 + (-0.5).real
            c = [(1, 2), 3 * 2]
            e = Net(2).train(-0.125)
            g = ((2 + 1)
            ) * 2
            i = (lambda x=3: x)()
            j = (lambda x: x)((4).bit_length())
            """,
        )  # fmt: skip

    def test_layers(self):
        self.assert_becomes_plain(
            '''
            """@nni.mutable_layers(
                {layer_choice: [add(3), keep], fixed_inputs: [x], optional_inputs: [y, z],
                 optional_input_size: [0, 2], layer_output: u},
                {layer_choice: [add(3), keep], layer_output: v})"""
            print(u, v)
            ''',
            {
                "mutable_block_2": {
                    "mutable_layer_0": {"chosen_layer": "add(3)", "chosen_inputs": ["z"]},
                    "mutable_layer_1": {"chosen_layer": "keep", "chosen_inputs": []},
                }
            },
            """
            u = add([[x], [z]], 3); v = keep([[], []]


            )
            print(u, v)
            """,
        )

    def test_code_that_is_another_one_now(self):
        source = """
            a = nni.choice(1, 2, name="a")
            b = nni.uniform(0, 1)
            """
        self.assertEqual(
            self.faults(source, {"a/choice": 3, "__line9/uniform": 0.5}),
            [
                "None: this trial had the parameter trial/__line9/uniform, which the code has no more",
                "2: this trial had 3 for trial/a/choice, which is not among its options now",
                "3: this trial had no parameter trial/__line3/uniform: the code is another one now",
            ],
        )

    def test_what_only_the_compiler_sees(self):
        source = """
            '@nni.mutable_layers({layer_choice: [f], layer_output: x})'
            from __future__ import annotations
            """
        layers = {"mutable_layer_0": {"chosen_layer": "f", "chosen_inputs": []}}
        (fault,) = self.faults(source, {"mutable_block_2": layers})
        self.assertIn("the code that the annotations make is not Python", fault)
        layers["mutable_layer_0"]["chosen_layer"] = "g"
        (fault,) = self.faults(source, {"mutable_block_2": layers})
        self.assertEqual(fault, "2: @nni.mutable_layers: this trial had g of [], which the code has no more")

    def test_what_is_written_is_plain_and_runs_alone(self):
        copy, _ = self.choose(
            '"""@nni.variable(nni.choice(1, 2), name=x)"""\nx = 1\n"""@nni.report_final_result(x)"""\nprint(x)\n',
            {"x/choice": 2},
        )
        command = [sys.executable, "-I", os.path.join(copy, "trial.py")]
        self.assertEqual(subprocess.check_output(command, universal_newlines=True), "2\n")
