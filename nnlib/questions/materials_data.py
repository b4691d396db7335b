"""Questions and predictions in the chapter on materials data."""

from nnlib.questions.curves import Axis, Prediction
from nnlib.questions.kinds import Choice, Choices, Formula

QUESTIONS = [
    Choices(
        "materials_data-structure",
        "Two crystals of our table have the formula Ni₃Pt. What can differ between them? Choose all "
        "that can.",
        right={
            "The formation energy":
                "Energy is a property. Does it belong to the composition or to the structure?",
            "The lattice constant":
                "The cube swells or shrinks with the way its atoms are arranged. What fixes the arrangement?",
            "How many of a nickel atom's nearest neighbors are platinum":
                "The formula counts the atoms of each element. Does it say which ones are side by side?",
        },
        wrong={
            "The fraction of platinum":
                "The formula itself gives this fraction. What is it?",
            "The mean mass of an atom":
                "Which atoms go into this mean, and how many of each? Does it matter where they sit?",
            "The answer of a model that is given the formula":
                "The model is given the same input twice. What can it do?",
        },
        hints=["Which of these could you work out from just the formula and the periodic table?"],
        explanation="Formula and periodic table fix the fraction, the mean mass, and whatever else is "
        "computed from them, a model's answer included. What depends on where the atoms sit can differ.",
    ),
    Choice(
        "materials_data-volumes",
        "Mix two metals with unequal lattice constants. How does the estimate from volumes compare with "
        "Vegard's law?",
        right="It is larger in every mixture.",
        wrong={
            "It is smaller in every mixture.":
                "Try sides of 1 and 3, half and half. Vegard's law gives 2. What do the volumes give?",
            "It is the same, as the cube root undoes the third power.":
                "It would, without the mean in between. Try sides of 1 and 3, half and half.",
            "It is larger where the larger metal dominates, and smaller elsewhere.":
                "Try sides of 1 and 3, with three quarters of the smaller one: Vegard's law gives 1.5.",
        },
        hints=["Try an extreme case: sides of 1 and 3, half and half.",
               "In a mean of third powers, which metal weighs more?"],
        explanation="For sides of 1 and 3, half and half, the mean volume is $(1 + 27)/2 = 14$, the cube "
        "of 2.41, and Vegard's law gives 2. A mean of third powers always leans toward the larger one.",
    ),
    Choice(
        "materials_data-volume",
        "A fourth laboratory reports the volume of the cube, $a^3$, in Å³. For the metals of our table "
        "$a$ lies between 3.49 and 4.06 Å. Divided by Vegard's law, what do its rows make?",
        right="A hump from about 12 to 17",
        wrong={
            "A narrow spike near 14":
                "Near 14, on average. Do a row with $a$ = 3.5 Å and one with $a$ = 4 Å have the same ratio?",
            "A narrow spike at 3":
                "3 is an exponent here, not a factor. What is $a^3$ divided by a number close to $a$?",
            "A hump from about 42 to 67":
                "This is $a^3$ itself, the upper part of the figure. What is it after the division?",
            "More rows near 1, where all is well":
                "Take $a$ = 4 Å. How large is $a^3$, and how large is Vegard's estimate, roughly?",
        },
        hints=["Vegard's estimate is close to $a$. What is left of $a^3$?",
               "Work it out for $a$ = 3.49 Å and for $a$ = 4.06 Å."],
        explanation="The ratio is about $a^2$, from 12.2 to 16.5. A constant factor makes a spike; a "
        "mistake that is no factor, such as a power, is a different factor in each row.",
    ),
    Formula(
        "materials_data-deviation",
        "A compound of two elements has the fractions $x$ and $1 - x$. A property is $p$ for the first "
        "element and $q$ for the second, and $p > q$. What is the mean deviation?",
        answer="2*x*(1-x)*(p-q)",
        variables={"x": (0.1, 0.9), "p": (3, 4), "q": (1, 2)},
        wrong={
            "(p-q)/2": "Right for equal fractions, as in NaCl. What if there is little of one element?",
            "p-q": "This is the range. How far from the mean is each element, and how much of each is there?",
            "x*(1-x)*(p-q)": "This is one element's part of the sum. What does the other add?",
            "x*p+(1-x)*q": "This is the mean. How far from it are $p$ and $q$?",
            "(1-x)*(p-q)": "This is how far the first element is from the mean. Now weigh the distances "
                           "by the fractions.",
            "x*(p-q)": "This is how far the second element is from the mean. Now weigh the distances by "
                       "the fractions.",
            "0": "It would be, without the absolute values.",
        },
        hints=[r"The mean is $x p + (1 - x) q$. How far is $p$ from it?",
               "The distances are $(1 - x)(p - q)$ and $x (p - q)$."],
        explanation="Each element adds $x (1 - x)(p - q)$. With equal fractions the deviation is half the "
        "range in every compound, so there the one column says nothing beside the other.",
    ),
    Choice(
        "materials_data-row",
        "Follow a row of the periodic table from the alkali metal to the halogen. What do the covalent radius "
        "and the electronegativity do?",
        right="The radius mostly falls, and the electronegativity mostly rises.",
        wrong={
            "The radius mostly rises, and the electronegativity mostly falls.":
                "This is what happens down a column, where a shell is added in each row. What is added along "
                "a row?",
            "Both mostly rise.":
                "The electrons of a row join the same shell, while the charge of the nucleus grows. What does "
                "that do to the size?",
            "Both mostly fall.":
                "Which of the two pulls harder at the electrons of a bond, lithium or fluorine?",
        },
        hints=["Compare lithium with fluorine."],
        explanation="Along a row the charge of the nucleus grows while electrons join the same shell. It pulls "
        "them closer, and pulls harder at the electrons of a neighbor. So the two properties say much the same.",
    ),
    Choices(
        "materials_data-salts",
        "Which of these properties give NaCl and KBr the same six statistics? Choose all.",
        right={
            "The group, which is the number of the column":
                "Sodium and potassium stand in one column. What about chlorine and bromine?",
            "The number of valence electrons":
                "How many has sodium, and how many potassium? And chlorine and bromine?",
        },
        wrong={
            "The period, which is the number of the row":
                "Potassium stands below sodium.",
            "The covalent radius":
                "Potassium has one shell more than sodium. What does that do to its size?",
            "The electronegativity":
                "Chlorine and bromine are similar, but are they equal? Which one pulls harder?",
        },
        hints=["Go from NaCl to KBr in the periodic table: which way do both elements move?"],
        explanation="Both elements move down their columns. What the columns have in common stays, and "
        "everything else changes. A model that is given only these two properties cannot tell the salts apart.",
    ),
    Choices(
        "materials_data-copies",
        "A row of the test set has its copy in the second database, under a formula written differently. "
        "With which splits can the copy be in the training set? Choose all.",
        right={
            "Random folds":
                "Random folds know nothing of copies. How often do two rows land in the same of five folds?",
            "Groups of formulas that are spelled alike":
                "Compare `AlNi3` and `Ni0.75Al0.25` letter by letter, as the split does.",
        },
        wrong={
            "Groups of equal composition":
                "What are the fractions of a row and of its copy?",
            "Groups of equal chemical system":
                "Which elements are in a row, and which in its copy?",
        },
        hints=["Rows of one group are all tested or all trained on. When are a row and its copy in the same "
               "group?"],
        explanation="A row and its copy have the same fractions, and so the same elements, but not the same "
        "spelling. Only what they share can hold them together.",
    ),
]

PREDICTIONS = [
    Prediction(
        "materials_data-nickel",
        "Put aluminum into nickel, more and more of it, with the atoms placed at random. How far is the lattice "
        "constant from Vegard's law? Above 0 the cube is larger than the law says.",
        x=Axis("fraction of aluminum", 0, 1),
        y=Axis("deviation (Å)", -0.08, 0.08, "Å"),
        curve=9,
        compare="maximum",
    ),
]
