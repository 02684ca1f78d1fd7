"""Every form of annotation, and what it becomes."""

from .annotated import AnnotationTestCase


class Variables(AnnotationTestCase):
    def test_the_value_of_the_assignment_becomes_the_sampler_and_all_else_stays(self):
        self.assert_becomes(
            '''
            """Trains a network."""

            class Net:
                def __init__(self):
                    """@nni.variable(nni.choice(124, 512, 1024), name=self.hidden_size)"""
                    self.hidden_size = 124  # units
                    '@nni.variable(nni.loguniform(0.0001, 0.1), name=rates["first"])'
                    rates["first"] = 0.01; done = True
            ''',
            """
            \"\"\"Trains a network.\"\"\"; import nni

            class Net:
                def __init__(self):
                    pass
                    self.hidden_size = nni.choice({124: 124, 512: 512, 1024: 1024}, name='self.hidden_size', key='trial/self.hidden_size/choice')  # units
                    pass
                    rates["first"] = nni.loguniform(0.0001, 0.1, name='rates["first"]', key='trial/rates["first"]/loguniform'); done = True
            """,
            {
                "trial/self.hidden_size/choice": {"_type": "choice", "_value": [124, 512, 1024]},
                'trial/rates["first"]/loguniform': {"_type": "loguniform", "_value": [0.0001, 0.1]},
            },
        )

    def test_every_numeric_sampler(self):
        arguments = {
            "randint": "1, 5",
            "uniform": "-1, 1",
            "quniform": "0, 10, 2.5",
            "loguniform": "0.1, 1",
            "qloguniform": "1, 100, 3",
            "normal": "0, 1",
            "qnormal": "0, 1, 0.5",
            "lognormal": "0, 1",
            "qlognormal": "1.2, 3, 4.5",
        }
        source = "x = 1\n" + "".join(
            f'"""@nni.variable(nni.{sampler}({numbers}), name=x)"""\nx = 1\n' for sampler, numbers in arguments.items()
        )
        text, search_space = self.expand(source)
        for sampler, numbers in arguments.items():
            self.assertIn(f"pass\nx = nni.{sampler}({numbers}, name='x', key='trial/x/{sampler}')\n", text)
            value = [float(number) for number in numbers.split(",")]
            self.assertEqual(search_space[f"trial/x/{sampler}"], {"_type": sampler, "_value": value})
        self.assertEqual(len(search_space), 9)

    def test_an_option_that_is_no_number_or_text_is_known_by_its_source(self):
        self.assert_becomes(
            '''
            x = 0
            """@nni.variable(nni.choice('2', 3, -0.5, 5*6, (7 + 8) // 2, None, True, f(a,b), [1, 2]), name=x)"""
            x: object = (
                1
            )
            ''',
            """
            import nni; x = 0
            pass
            x: object = (
                nni.choice({'2': '2', 3: 3, -0.5: -0.5, '(5 * 6)': 5*6, '((7 + 8) // 2)': (7 + 8) // 2, 'None': None, 'True': True, 'f(a, b)': f(a,b), '[1, 2]': [1, 2]}, name='x', key='trial/x/choice')
            )
            """,
            {
                "trial/x/choice": {
                    "_type": "choice",
                    "_value": ["2", 3, -0.5, "(5 * 6)", "((7 + 8) // 2)", "None", "True", "f(a, b)", "[1, 2]"],
                }
            },
        )

    def test_lines_keep_their_numbers_when_annotation_and_value_have_several(self):
        self.assert_becomes(
            '''
            first = 1
            """
            @nni.variable(
                nni.choice(
                    1,  # small
                    2,
                ),
                name=x)
            """
            x = [1,
                 2]  # two
            last = __line__
            ''',
            """
            import nni; first = 1
            (None






            )
            x = nni.choice({1: 1, 2: 2}, name='x', key='trial/x/choice'
            )  # two
            last = __line__
            """,
            {"trial/x/choice": {"_type": "choice", "_value": [1, 2]}},
        )


class FunctionChoices(AnnotationTestCase):
    def test_every_call_that_reads_like_an_option_becomes_the_choice(self):
        self.assert_becomes(
            '''
            def pool(h_conv1, size):
                """@nni.function_choice(max_pool(h_conv1, size=size), avg_pool(h_conv1), name=max_pool)"""
                h_pool = [max_pool(h_conv1, size = size), avg_pool( h_conv1 ),
                          max_pool(h_conv1)]  # the last is none
                return h_pool
            ''',
            """
            def pool(h_conv1, size):
                pass
                h_pool = [CHOICE, CHOICE,
                          max_pool(h_conv1)]  # the last is none
                return h_pool
            """.replace(
                "CHOICE",
                "__import__(\"nni\").function_choice({'max_pool(h_conv1, size=size)': lambda: max_pool(h_conv1, size=size), "
                "'avg_pool(h_conv1)': lambda: avg_pool(h_conv1)}, name='max_pool', key='trial/max_pool/function_choice')",
            ),
            {
                "trial/max_pool/function_choice": {
                    "_type": "choice",
                    "_value": ["max_pool(h_conv1, size=size)", "avg_pool(h_conv1)"],
                }
            },
        )

    def test_an_option_need_be_no_call_and_its_spaces_do_not_matter(self):
        text, space = self.expand(
            '''
            import nni
            """@nni.function_choice(f(a,[b,c],'d,e'), 2*3, g, lambda x:x, a if b else c, (a,b), name=f)"""
            y = f(a, [b, c], 'd,e')
            '''
        )
        options = ["f(a, [b, c], 'd,e')", "(2 * 3)", "g", "lambda x:x", "a if b else c", "(a, b)"]
        self.assertEqual(space, {"trial/f/function_choice": {"_type": "choice", "_value": options}})
        self.assertIn("'(2 * 3)': lambda: ((2 * 3)), 'g': lambda: (g), 'lambda x:x': lambda: (lambda x:x)", text)
        compile(text, "trial.py", "exec")

    def test_the_next_statement_may_be_a_block(self):
        text, _ = self.expand(
            '''
            import nn
            """@nni.function_choice(nn.relu(y), nn.tanh(y), name=act)"""
            while nn.relu(y) > 0:
                y = nn.relu(nn.tanh(y))
            z = nn.tanh(y)
            '''
        )
        self.assertEqual(text.count("nni.function_choice("), 2)
        self.assertTrue(text.endswith("\nz = nn.tanh(y)\n"))


class Calls(AnnotationTestCase):
    def test_reports_and_requests_become_the_call(self):
        self.assert_becomes(
            '''
            import nni
            for epoch in range(3):
                """@nni.get_next_parameter()"""
                x = nni.uniform(0, 1, name="x")
                if x: """@nni.report_intermediate_result(test_acc)"""
                """@nni.report_final_result({'default': acc,
                                             'loss': loss})"""
            ''',
            """
            import nni; import nni
            for epoch in range(3):
                nni.get_next_parameter()
                x = nni.uniform(0, 1, name="x", key='trial/x/uniform')
                if x: nni.report_intermediate_result(test_acc)
                nni.report_final_result({'default': acc, 'loss': loss}
            )
            """,
            {"trial/x/uniform": {"_type": "uniform", "_value": [0, 1]}},
        )


class SmartCalls(AnnotationTestCase):
    def test_calls_in_plain_code_get_a_key_and_options_a_table(self):
        self.assert_becomes(
            """
            import nni
            a = nni.choice(1, 'two', (3 * 3), name='a')
            b = nni.choice(
                {'foo': foo, 2: bar},  # a table already
            )(1)
            c = [nni.quniform(0, 10, 2, name='c'), nni.normal(0, 1)]
            d = nni.function_choice(lambda: f(1), g)
            e = nni.choice(nni.randint(0, 3, name='inner'), 9, name='e',)
            f = nni.get_trial_id()
            """,
            """
            import nni
            a = nni.choice({1: 1, 'two': 'two', '(3 * 3)': (3 * 3)}, name='a', key='trial/a/choice')
            b = nni.choice(
                {'foo': foo, 2: bar}, key='trial/__line4/choice',  # a table already
            )(1)
            c = [nni.quniform(0, 10, 2, name='c', key='trial/c/quniform'), nni.normal(0, 1, key='trial/__line7/normal')]
            d = nni.function_choice({'lambda: f(1)': lambda: f(1), 'g': g}, key='trial/__line8/function_choice')
            e = nni.choice({"nni.randint(0, 3, name='inner')": nni.randint(0, 3, name='inner', key='trial/inner/randint'), 9: 9}, name='e', key='trial/e/choice',)
            f = nni.get_trial_id()
            """,
            {
                "trial/a/choice": {"_type": "choice", "_value": [1, "two", "(3 * 3)"]},
                "trial/__line4/choice": {"_type": "choice", "_value": ["foo", 2]},
                "trial/c/quniform": {"_type": "quniform", "_value": [0, 10, 2]},
                "trial/__line7/normal": {"_type": "normal", "_value": [0, 1]},
                "trial/__line8/function_choice": {"_type": "choice", "_value": ["lambda: f(1)", "g"]},
                "trial/e/choice": {"_type": "choice", "_value": ["nni.randint(0, 3, name='inner')", 9]},
                "trial/inner/randint": {"_type": "randint", "_value": [0, 3]},
            },
        )

    def test_the_same_parameter_may_be_used_twice(self):
        _, search_space = self.expand("nni.choice(1, 2, name='x')\nnni.choice(1, 2, name='x')\n")
        self.assertEqual(search_space, {"trial/x/choice": {"_type": "choice", "_value": [1, 2]}})


class Layers(AnnotationTestCase):
    SOURCE = '''
        import tf
        """@nni.mutable_layers(
        {
            layer_choice: [conv(size=1), pool(), skip],
            fixed_inputs: [images],
            optional_inputs: [a, b.c],
            optional_input_size: [0, 1],
            layer_output: out1
        },
        {
            layer_choice: [dense],
            layer_output: out2
        }
        )"""
        """@nni.training_update(tf=tf, session=session)"""
        '''

    def expected(self, mode):
        return """
        import nni; import tf
        out1 = nni.mutable_layer('mutable_block_3', 'mutable_layer_0', {'conv(size=1)': lambda _inputs: conv(_inputs, size=1), 'pool()': lambda _inputs: pool(_inputs), 'skip': skip}, [images], {'a': a, 'b.c': b.c}, [0, 1], 'MODE', key='trial/mutable_block_3'); out2 = nni.mutable_layer('mutable_block_3', 'mutable_layer_1', {'dense': dense}, [], {}, 0, 'MODE', key='trial/mutable_block_3'











        )
        nni.training_update('MODE', tf=tf, session=session)
        """.replace("MODE", mode)

    def test_layers_become_assignments(self):
        space = {
            "trial/mutable_block_3": {
                "_type": "mutable_layer",
                "_value": {
                    "mutable_layer_0": {
                        "layer_choice": ["conv(size=1)", "pool()", "skip"],
                        "optional_inputs": ["a", "b.c"],
                        "optional_input_size": [0, 1],
                    },
                    "mutable_layer_1": {"layer_choice": ["dense"], "optional_inputs": [], "optional_input_size": 0},
                },
            }
        }
        self.assert_becomes(self.SOURCE, self.expected("classic_mode"), space)
        self.assert_becomes(self.SOURCE, self.expected("enas_mode"), space, "--nas-mode", "enas_mode")


class Imports(AnnotationTestCase):
    REPORT = '"""@nni.report_final_result(x)"""\nx = nni.uniform(0, 1, name="x")\n'

    def test_the_import_finds_a_line_that_is_there(self):
        for head, expected in {
            "": "import nni; nni",
            "#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n\n": (
                "#!/usr/bin/python3\n# -*- coding: utf-8 -*-\n\nimport nni; nni"
            ),
            "'''Doc.'''\n": "'''Doc.'''; import nni\nnni",
            "'''Doc.'''\nfrom __future__ import annotations\n\n": (
                "'''Doc.'''\nfrom __future__ import annotations; import nni\n\nnni"
            ),
            "from __future__ import division; a = 1\n": "from __future__ import division; import nni; a = 1\nnni",
            "if a:\n    pass\n": 'if a:\n    pass\n__import__("nni")',
            "@b\nclass C: pass\n": '@b\nclass C: pass\n__import__("nni")',
        }.items():
            with self.subTest(head):
                text, _ = self.expand(head + self.REPORT)
                self.assertEqual(text[: text.index(".report_final_result(x)\n")], expected)
