"""A scenario of three lanes, one of which stops at once, with a question and a long text."""

LANES = """
format = 1
name = "three"
question = "Which one?"
text = "TEXT"
steps = 1000
[data]
kind = "disc"
samples = 20
[defaults]
hidden = [3]
optimizer = { name = "sgd", learning_rate = 0.1 }
[[lanes]]
id = "one"
[[lanes]]
id = "two"
seed = 5
[[lanes]]
id = "wild"
optimizer = { name = "sgd", learning_rate = 1e200 }
[[predict]]
ask = "Does it learn?"
answer = "one.train_loss < 1e9"
[[quiz]]
ask = "At a tenth of the rate?"
at = 3
set = { lanes.one.optimizer.learning_rate = 0.01 }
choices = [
  { say = "lower", when = "one.train_loss < two.train_loss" },
  { say = "higher", when = "one.train_loss >= two.train_loss" },
]
""".replace("TEXT", r"Look here.\n\n" * 60)
