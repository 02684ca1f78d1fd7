"""What is wrong is said with its line, all of it at once, and nothing is written."""

import os

from .annotated import AnnotationTestCase, annotate


class Faults(AnnotationTestCase):
    def assert_fault(self, source, expected, *arguments):
        (found,) = self.faults(source, *arguments)
        self.assertIn(expected, found)

    def test_all_faults_of_all_files_at_once_in_order(self):
        folder = self.code_directory(
            b="""
            '@nni.frobnicate(1)'
            '@nni.report_final_result()'
            import nni; nni.randint(1, 1)
            """,
            a="# nni\nx = (",
            c="nni.choice(1, 2)",
        )
        code, answer = annotate(folder, os.path.join(folder, "copy"))
        self.assertEqual(code, 1)
        self.assertEqual(
            [(fault["file"], fault["line"]) for fault in answer["errors"]],
            [("a.py", 2), ("b.py", 2), ("b.py", 3), ("b.py", 4)],
        )
        said = [fault["message"] for fault in answer["errors"]]
        self.assertIn("expected Python", said[0])
        self.assertIn("@nni.frobnicate: unexpected annotation function; expected one of variable, ", said[1])
        self.assertEqual(said[2], "@nni.report_final_result: expected one argument, got 0")
        self.assertEqual(said[3], "nni.randint: expected lower < upper (upper itself never comes), got (1, 1)")
        self.assertEqual(sorted(os.listdir(folder)), ["a.py", "b.py", "c.py"])

    def test_variables(self):
        for annotation, following, expected in [
            ("nni.uniform(0, 1), name=x", "y = 1", "2: @nni.variable: expected an assignment to x after it, got one to y"),
            ("nni.uniform(0, 1), name=x", "x = y = 1", "expected an assignment to x after it"),
            ("nni.uniform(0, 1), name=x", "x += 1", "expected an assignment to x after it"),
            ("nni.uniform(0, 1), name=x", "", "expected an assignment to x after it, with nothing between them"),
            ("nni.uniform(0, 1), name=x", "f()\nx = 1", "expected an assignment to x after it"),
            ("nni.uniform(0, 1)", "x = 1", "expected the keyword name=, got nothing"),
            ("nni.uniform(0, 1), nme=x", "x = 1", "expected the keyword name=, got nme="),
            ("nni.uniform(0, 1, name=x), name=x", "x = 1", "expected no keywords in nni.uniform"),
            ("nni.unifrom(0, 1), name=x", "x = 1", "expected a sampler nni.NAME(...) of choice, randint, "),
            ("nni.function_choice(f()), name=x", "x = f()", "expected a sampler"),
            ("0.5, name=x", "x = 1", "expected a sampler"),
            ("name=x", "x = 1", "expected one sampler, got 0"),
        ]:
            with self.subTest(annotation, following=following):
                self.assert_fault(f'\n"""@nni.variable({annotation})"""\n{following}\n', expected)

    def test_an_annotation_is_one_call(self):
        for annotation, expected in [
            ("@nni.variable", "1: annotation: expected one call @nni.NAME(...), got @nni.variable"),
            ("@nni.variable(", "1: annotation: expected Python"),
            ("\n\n@nni.variable(nni.uniform(0, 1)\n, name=)", "4: annotation: expected Python"),
            ("@nni.x.y(1)", "expected one call"),
            ("@nni.get_next_parameter(); f()", "expected one call"),
            ("@nni.get_next_parameter(1)", "expected no arguments, got 1"),
            ("@nni.report_final_result(1, 2)", "expected one argument, got 2"),
        ]:
            with self.subTest(annotation):
                self.assert_fault(f'"""{annotation}"""\nx = 1\n', expected)

    def test_function_choices(self):
        for annotation, following, expected in [
            ("f(a), g(a), name=f", "y = f(b)", "1: @nni.function_choice: expected one of f(a), g(a) in the statement after it"),
            ("f(a), g(a), name=f", "", "expected one of f(a), g(a) in the statement after it"),
            ("f(a), *g, name=f", "f(a)", "expected options one by one, got *g"),
            ("2 * 3, g, name=f", "f(a)", "expected one of (2 * 3), g in the statement after it"),
            ("f(a), f(a), name=f", "f(a)", "expected options that differ, got f(a) for two of them"),
            ("f(a)", "f(a)", "expected the keyword name=, got nothing"),
            ("name=f", "f(a)", "expected at least one call to choose from"),
        ]:
            with self.subTest(annotation, following=following):
                self.assert_fault(f'"""@nni.function_choice({annotation})"""\n{following}\n', expected)

    def test_samplers_have_the_rules_of_the_search_space(self):
        for call, expected in [
            ("randint(1, 2, 3)", "1: nni.randint: expected 2 numbers (lower, upper), got 3"),
            ("randint(0, 2.5)", "expected upper to be an integer, got 2.5"),
            ("randint(-9007199254740991, 9007199254740991)", "at most 2^53 - 1 integers"),
            ("uniform(2, 1)", "expected low <= high, got (2, 1)"),
            ("uniform(-1e308, 1e308)", "high - low to be a finite number"),
            ("uniform(0, 1e999)", "expected finite numbers"),
            ("quniform(0, 1, 0)", "expected q > 0, got 0"),
            ("quniform(0, 1e300, 1)", "expected q large enough"),
            ("loguniform(0, 1)", "expected low > 0, because of the logarithm, got 0"),
            ("qloguniform(1, 2)", "expected 3 numbers (low, high, q), got 2"),
            ("normal(0, 0)", "expected sigma > 0, got 0"),
            ("qnormal(0, 1, -1)", "expected q > 0, got -1"),
            ("lognormal(0, 100)", "so that exp(mu + 9 sigma) is finite"),
            ("uniform('0', 1)", "expected numbers as they are, got '0'"),
            ("uniform(0, n)", "expected numbers as they are, got n"),
            ("uniform(0, True)", "expected numbers as they are, got True"),
            ("uniform(*bounds)", "expected numbers as they are, got *bounds"),
            ("uniform(low=0, high=1)", "expected no keyword but name=, got low="),
            ("uniform(0, 1, key='x')", "expected no keyword but name=, got key="),
            ("uniform(0, 1, **more)", "expected no keyword but name=, got **"),
            ("uniform(0, 1, name=n)", "expected name= to be a text, got n"),
            ("uniform(0, 1, name='')", "expected name= to be a text"),
            ("choice()", "expected at least one option"),
            ("choice({})", "expected at least one option"),
            ("choice({a: 1})", "expected numbers and texts as keys of its table, got a"),
            ("choice(*options)", "expected options one by one, got *options"),
            ("choice(2, 2.0)", "expected options that differ, got 2.0 for two of them"),
            ("choice('a', a)", "expected options that differ, got 'a' for two of them"),
        ]:
            with self.subTest(call):
                self.assert_fault(f"nni.{call}", expected)

    def test_names(self):
        self.assert_fault("nni.uniform(0, 1); nni.choice(1, 2)", "1: only one smart parameter without a name is allowed in a line")
        self.assert_fault(
            "nni.choice(1, 2, name='x')\n\nnni.choice(1, 3, name='x')",
            "3: different smart parameters have the same name: trial/x/choice is another one at trial.py:1",
        )

    def test_layers(self):
        for layer, expected in [
            ("", "expected layers"),
            ("1", "expected a layer {layer_choice: [...], ...}, got 1"),
            ("{layer_choice: [f]}", "expected layer_output in every layer"),
            ("{layer_output: y}", "expected layer_choice in every layer"),
            ("{layer_choice: [], layer_output: y}", "expected at least one function in layer_choice"),
            ("{layer_choice: f, layer_output: y}", "expected layer_choice to be a list, got f"),
            ("{layer_choice: [f], layer_output: g()}", "expected layer_output to be a variable, got g()"),
            ("{layer_choice: [f], layer_output: y, size: 1}", "at most once, got size"),
            ("{layer_choice: [f], layer_output: y, optional_inputs: [a]}", "expected optional_input_size beside"),
            ("{layer_choice: [f], layer_output: y, optional_inputs: [a, a], optional_input_size: 1}", "each of optional_inputs once"),
            ("{layer_choice: [f], layer_output: y, optional_inputs: [a], optional_input_size: 2}", "from 0 to 1"),
            ("{layer_choice: [f], layer_output: y, optional_inputs: [a], optional_input_size: [1, 0]}", "from 0 to 1"),
        ]:
            with self.subTest(layer):
                self.assert_fault(f'"""@nni.mutable_layers({layer})"""', expected)
        self.assert_fault("nni.choice(1, 2)", "nasMode: expected classic_mode or enas_mode, got darts_mode", "--nas-mode", "darts_mode")

    def test_two_annotations_for_one_call(self):
        self.assert_fault(
            '"""@nni.function_choice(f(a), name=f)"""\nif a:\n    """@nni.variable(nni.uniform(0, 1), name=x)"""\n    x = f(a)\n',
            "4: expected one annotation for this code, got two",
        )

    def test_what_only_the_compiler_sees(self):
        self.assert_fault(
            '"""@nni.report_final_result(1)"""\nfrom __future__ import annotations\nx = nni.uniform(0, 1)\n',
            "2: the code that the annotations make is not Python: ",
        )

    def test_no_annotation_at_all(self):
        for source in ("", "print('@nnx')", "import nni\nnni.report_final_result(1)\n", "# @nni.variable(nni.uniform(0, 1), name=x)\n"):
            with self.subTest(source):
                self.assert_fault(source, "None: no annotation was found in the .py files: expected a string such as")

    def test_annotations_that_leave_nothing_to_search(self):
        for source in ('"""@nni.report_final_result(1)"""\n', "'''@nni.get_next_parameter()'''\n"):
            with self.subTest(source):
                self.assert_fault(source, "None: annotations were found, but none of a parameter in the .py files: expected")

    def test_no_code_directory(self):
        code, answer = annotate("/nowhere/at/all", "/nowhere/copy")
        self.assertEqual((code, [fault["message"] for fault in answer["errors"]]), (1, ["No such file or directory"]))
