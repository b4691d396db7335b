"""Formulas and what they mean, for the tests of the library and for those of the page, which must agree."""

# As papers and databases write them; the amounts were worked out by hand.
WRITTEN = """
SiO2                                 Si 1 O 2
Mg2SiO4                              Mg 2 Si 1 O 4
(Mg0.9Fe0.1)2SiO4                    Mg 1.8 Fe 0.2 Si 1 O 4
KAlSi3O8                             K 1 Al 1 Si 3 O 8
KAl2(AlSi3O10)(OH)2                  K 1 Al 3 Si 3 O 12 H 2
Al2Si2O5(OH)4                        Al 2 Si 2 O 9 H 4
Mg3Si4O10(OH)2                       Mg 3 Si 4 O 12 H 2
Ca10(PO4)6(OH)2                      Ca 10 P 6 O 26 H 2
Ca5(PO4)3F                           Ca 5 P 3 O 12 F 1
Be3Al2(SiO3)6                        Be 3 Al 2 Si 6 O 18
Fe3Al2(SiO4)3                        Fe 3 Al 2 Si 3 O 12
Mg0.7Fe2.3Al2Si3O12                  Mg 0.7 Fe 2.3 Al 2 Si 3 O 12
Cu2CO3(OH)2                          Cu 2 C 1 O 5 H 2
Cu3(CO3)2(OH)2                       Cu 3 C 2 O 8 H 2
CaMg(CO3)2                           Ca 1 Mg 1 C 2 O 6
Ca2Mg5Si8O22(OH)2                    Ca 2 Mg 5 Si 8 O 24 H 2
CuFeS2                               Cu 1 Fe 1 S 2
Cu12Sb4S13                           Cu 12 Sb 4 S 13
KAl3(SO4)2(OH)6                      K 1 Al 3 S 2 O 14 H 6
Na8(AlSiO4)6Cl2                      Na 8 Al 6 Si 6 O 24 Cl 2
NaAlSi2O6·H2O                        Na 1 Al 1 Si 2 O 7 H 2
3MgO·2SiO2·2H2O                      Mg 3 O 9 Si 2 H 4
MgO.Al2O3                            Mg 1 O 4 Al 2
CuSO4·5H2O                           Cu 1 S 1 O 9 H 10
CuSO4∙5H2O                           Cu 1 S 1 O 9 H 10
CuSO4‧5H2O                           Cu 1 S 1 O 9 H 10
CuSO4·5(H2O)                         Cu 1 S 1 O 9 H 10
CuSO4·(H2O)5                         Cu 1 S 1 O 9 H 10
Na2CO3·10H2O                         Na 2 C 1 O 13 H 20
KAl(SO4)2·12H2O                      K 1 Al 1 S 2 O 20 H 24
Al₂(SO₄)₃·18H₂O                      Al 2 S 3 O 30 H 36
CaSO4·0.5H2O                         Ca 1 S 1 O 4.5 H 1
CaSO4·½H2O                           Ca 1 S 1 O 4.5 H 1
CaSO4·1/2H2O                         Ca 1 S 1 O 4.5 H 1
2CaSO4·H2O                           Ca 2 S 2 O 9 H 2
MgCl2 * 6 H2O                        Mg 1 Cl 2 H 12 O 6
CoCl2×6H2O                           Co 1 Cl 2 H 12 O 6
FeSO4 • 7 H2O                        Fe 1 S 1 O 11 H 14
Zn(NO3)2⋅6H2O                        Zn 1 N 2 O 12 H 12
Ce(NO3)3 . 6 H2O                     Ce 1 N 3 O 15 H 12
(NH4)2Fe(SO4)2·6H2O                  N 2 H 20 Fe 1 S 2 O 14
3CdSO4·8H2O                          Cd 3 S 3 O 20 H 16
H2C2O4·2H2O                          H 6 C 2 O 6
V2O5·1.6H2O                          V 2 O 6.6 H 3.2
CuSO4·3Cu(OH)2                       Cu 4 S 1 O 10 H 6
3CaO·Al2O3·CaSO4·12H2O               Ca 4 O 22 Al 2 S 1 H 24
SrTiO3                               Sr 1 Ti 1 O 3
Sr1 Ti1 O3                           Sr 1 Ti 1 O 3
La0.7Sr0.3MnO3                       La 0.7 Sr 0.3 Mn 1 O 3
Pb(Zr0.52Ti0.48)O3                   Pb 1 Zr 0.52 Ti 0.48 O 3
(Na1/2Bi1/2)TiO3                     Na 0.5 Bi 0.5 Ti 1 O 3
Ba(Zn1/4Ta3/4)O3                     Ba 1 Zn 0.25 Ta 0.75 O 3
(La0.6Sr0.4)(Co0.2Fe0.8)O3           La 0.6 Sr 0.4 Co 0.2 Fe 0.8 O 3
0.7Pb(Mg1/4Nb3/4)O3·0.3PbTiO3        Pb 1 Mg 0.175 Nb 0.525 O 3 Ti 0.3
CH3NH3PbI3                           C 1 H 6 N 1 Pb 1 I 3
CH3NH3PbI2.5Br0.5                    C 1 H 6 N 1 Pb 1 I 2.5 Br 0.5
HC(NH2)2PbI3                         H 5 C 1 N 2 Pb 1 I 3
Cs0.05(CH5N2)0.79(CH6N)0.16Pb(I0.83Br0.17)3   Cs 0.05 C 0.95 H 4.91 N 1.74 Pb 1 I 2.49 Br 0.51
Cs2AgBiBr6                           Cs 2 Ag 1 Bi 1 Br 6
YBa₂Cu₃O₆.₉₃                         Y 1 Ba 2 Cu 3 O 6.93
Bi2Sr2CaCu2O8.2                      Bi 2 Sr 2 Ca 1 Cu 2 O 8.2
La1.85Sr0.15CuO4                     La 1.85 Sr 0.15 Cu 1 O 4
Ce0.8Gd0.2O1.9                       Ce 0.8 Gd 0.2 O 1.9
(ZrO2)0.92(Y2O3)0.08                 Zr 0.92 O 2.08 Y 0.16
0.92ZrO2·0.08Y2O3                    Zr 0.92 O 2.08 Y 0.16
Fe0.95O                              Fe 0.95 O 1
Al1.98Cr0.02O3                       Al 1.98 Cr 0.02 O 3
Y2.94Ce0.06Al5O12                    Y 2.94 Ce 0.06 Al 5 O 12
NaY0.78Yb0.2Er0.02F4                 Na 1 Y 0.78 Yb 0.2 Er 0.02 F 4
LiNi0.8Co0.15Al0.05O2                Li 1 Ni 0.8 Co 0.15 Al 0.05 O 2
LiNi1/4Mn1/4Co1/2O2                  Li 1 Ni 0.25 Mn 0.25 Co 0.5 O 2
Li1.2Mn0.54Ni0.13Co0.13O2            Li 1.2 Mn 0.54 Ni 0.13 Co 0.13 O 2
LiMn1.5Ni0.5O4                       Li 1 Mn 1.5 Ni 0.5 O 4
Li7La3Zr2O12                         Li 7 La 3 Zr 2 O 12
Li10GeP2S12                          Li 10 Ge 1 P 2 S 12
Na3V2(PO4)2F3                        Na 3 V 2 P 2 O 8 F 3
Li1.3Al0.3Ti1.7(PO4)3                Li 1.3 Al 0.3 Ti 1.7 P 3 O 12
Na2Fe[Fe(CN)6]                       Na 2 Fe 2 C 6 N 6
Fe4[Fe(CN)6]3                        Fe 7 C 18 N 18
[Co(NH3)6]Cl3                        Co 1 N 6 H 18 Cl 3
[Cu(NH3)4]SO4·H2O                    Cu 1 N 4 H 14 S 1 O 5
K3[Fe(C2O4)3]·3H2O                   K 3 Fe 1 C 6 O 15 H 6
(NH4)6Mo7O24·4H2O                    N 6 H 32 Mo 7 O 28
(NH4)2[Ce(NO3)6]                     N 8 H 8 Ce 1 O 18
H3PW12O40                            H 3 P 1 W 12 O 40
Zn4O(C8H4O4)3                        Zn 4 O 13 C 24 H 12
Fe(C5H5)2                            Fe 1 C 10 H 10
Ni(CO)4                              Ni 1 C 4 O 4
Ti(OCH(CH3)2)4                       Ti 1 O 4 C 12 H 28
(CH3)3SiCl                           C 3 H 9 Si 1 Cl 1
CH3SiO3/2                            C 1 H 3 Si 1 O 1.5
CH3CH2OH                             C 2 H 6 O 1
Nd2Fe14B                             Nd 2 Fe 14 B 1
LaNi5                                La 1 Ni 5
Ni50.8Ti49.2                         Ni 50.8 Ti 49.2
CoCrFeMnNi                           Co 1 Cr 1 Fe 1 Mn 1 Ni 1
Zr41.2Ti13.8Cu12.5Ni10Be22.5         Zr 41.2 Ti 13.8 Cu 12.5 Ni 10 Be 22.5
Fe.5Ni.5                             Fe 0.5 Ni 0.5
Ni9e-05Cu0.99991                     Ni 0.00009 Cu 0.99991
Cu2ZnSnS4                            Cu 2 Zn 1 Sn 1 S 4
CuIn0.7Ga0.3Se2                      Cu 1 In 0.7 Ga 0.3 Se 2
Bi0.5Sb1.5Te3                        Bi 0.5 Sb 1.5 Te 3
Ti3C2(OH)2                           Ti 3 C 2 O 2 H 2
Fe(III)2O3                           Fe 2 O 3
Fe(Ⅲ)2O3                             Fe 2 O 3
Fe2(III)O3                           Fe 2 O 3
Fe(II)O                              Fe 1 O 1
Fe(II)SO4·7H2O                       Fe 1 S 1 O 11 H 14
Fe(II,III)3O4                        Fe 3 O 4
Ti[IV]O2                             Ti 1 O 2
Ni(0)(CO)4                           Ni 1 C 4 O 4
Pb(II)I2                             Pb 1 I 2
FeI2                                 Fe 1 I 2
VI2                                  V 1 I 2
VI3                                  V 1 I 3
CsVI3                                Cs 1 V 1 I 3
BI3                                  B 1 I 3
CI4                                  C 1 I 4
CuI                                  Cu 1 I 1
Pt(NH3)2(I)2                         Pt 1 N 2 H 6 I 2
InI                                  In 1 I 1
FeInIr                               Fe 1 In 1 Ir 1
""".strip().splitlines()

NO_FORMULAS = [
    ("", "expected at least one element, got ''"),
    (" \u200b\n", "expected at least one element, got ''"),
    ("Nacl", "unexpected 'c' (did you mean Cl?) at position 3 of 'Nacl'"),
    ("FeXx2", "unknown element 'Xx' (did you mean Xe?) at position 3 of 'FeXx2'"),
    ("Jj", "unknown element 'Jj' at position 1 of 'Jj'"),
    ("fe", "unexpected 'f' (did you mean Fe?) at position 1 of 'fe'"),
    ("Ba(NO3", "'(' is never closed at position 3 of 'Ba(NO3'"),
    ("((Fe)", "'(' is never closed at position 1 of '((Fe)'"),
    ("BaNO3)2", "')' closes nothing at position 6 of 'BaNO3)2'"),
    ("(Fe]2", "expected ')', got ']' at position 4 of '(Fe]2'"),
    ("Fe()", "an empty group at position 3 of 'Fe()'"),
    ("Fe0O", "expected an amount above zero, got '0' at position 3 of 'Fe0O'"),
    ("Fe(O2)0.0", "expected an amount above zero, got '0.0' at position 7"),
    ("0Fe", "expected an amount above zero, got '0' at position 1"),
    ("Fe0/2", "expected an amount above zero, got '0/2' at position 3"),
    ("Fe1/0", "expected an amount below 1.8e308, got '1/0' at position 3"),
    ("Fe1e-400", "expected an amount above zero, got '1e-400' at position 3"),
    ("Fe" + "9" * 400, "expected an amount below 1.8e308, got '999"),
    ("(Fe" + "9" * 300 + ")" + "9" * 300, "expected amounts above zero and below 1.8e308"),
    ("(2Fe)", "expected an element or a group before '2' (an isotope, an oxidation state"),
    ("26", "expected an element or a group behind '26' at position 1 of '26'"),
    ("2 3Fe", "expected an element or a group before '3' at position 3"),
    ("Fe1.2.3", "expected an element or a group before '.3' (two full stops in one number)"),
    ("·H2O", "expected an element or a group before '·' at position 1"),
    ("CuSO4·", "expected an element or a group behind '·' at position 6"),
    ("CuSO4·5", "expected an element or a group behind '5' at position 7"),
    ("(CuSO4·)2", "expected an element or a group behind '·' at position 7"),
    ("CuSO4··5H2O", "expected an element or a group behind '·' at position 6"),
    ("Fe1٢", "unexpected '٢' at position 4"),
    ("Fe\x00", r"unexpected '\x00' at position 3"),
]

# What it is, in the words of the message.
NAMED = [
    ("Fe3+", "'+' (a charge: leave it out, with its number) at position 4"),
    ("NH4+·H2O", "'+' (a charge"),
    ("[Fe(CN)6]4-", "'-' (a charge"),
    ("Ca++", "'++' (a charge"),
    ("Fe+3", "'+3' (a charge"),
    ("[Fe(CN)6]-4", "'-4' (a charge, a range or an isotope"),
    ("SO4^2-", "'^' (a superscript, of a charge or an isotope: leave it out)"),
    ("SO₄²⁻", "'²' (a superscript"),
    ("Fe2+O", "'+' (a charge or a sum"),
    ("Na+Cl-", "'+' (a charge or a sum"),
    ("3Gd2O3 + 4Li2O", "'+' (a charge or a sum: leave a charge out, join the parts of a sum"),
    ("¹³C", "'¹' (a superscript, of a charge or an isotope"),
    ("U-235", "'-235' (a charge, a range or an isotope"),
    ("Ni−0.5", "'−0.5' (a charge, a range or an isotope"),
    ("[13C]6H12O6", "before '13' (an isotope"),
    ("C[13]6", "before '13' (an isotope"),
    ("Fe0.85(2)O", "before '2' (an isotope, an oxidation state or an uncertainty"),
    ("D2O", "unknown element 'D' (deuterium, an isotope of hydrogen: write H)"),
    ("CHD3O", "unknown element 'D' (deuterium"),
    ("T2O", "unknown element 'T' (tritium, an isotope of hydrogen: write H)"),
    ("Uue", "'Uue' (the provisional symbol of element 119, not yet made)"),
    ("UubO", "'Uub' (the provisional symbol of element 112: write Cn)"),
    ("Unq", "'Unq' (the provisional symbol of element 104: write Rf)"),
    ("e-", "'e-' (an electron, which is no element: leave it out)"),
    ("Ca24Al28O64(e−)4", "'e−' (an electron"),
    ("YBa2Cu3O7-δ", "'-δ' (an unknown amount: write the number that is meant) at position 10"),
    ("YBa₂Cu₃O₇₋ₓ", "'−x' (an unknown amount"),
    ("Fe1–xO", "'–x' (an unknown amount"),
    ("La2-xSrxCuO4", "'-x' (an unknown amount"),
    ("O2±δ", "'±δ' (an unknown amount"),
    ("LixCoO2", "'x' (an unknown amount"),
    ("(CH2)n", "'n' (an unknown amount"),
    ("SiO2·nH2O", "'n' (an unknown amount"),
    ("La(NO3)3.xH2O", "'x' (an unknown amount"),
    ("xH2O", "'x' (an unknown amount"),
    ("YBa2Cu3Ox", "'Ox' (O with an unknown amount"),
    ("Feδ", "'δ' (an unknown amount or the name of a structure"),
    ("Li0-1CoO2", "'-' (a dash: write one formula"),
    ("O6.5-7", "'-7' (a charge, a range"),
    ("Ti-6Al-4V", "'-' (a dash: write one formula with the amounts of atoms"),
    ("0.7PbTiO3-0.3BaTiO3", "'-' (a dash: write one formula with the amounts of atoms, its parts"),
    ("α-Al2O3", "'α' (a prefix that names a structure: leave it out)"),
    ("fcc-Fe", "'fcc' (a prefix that names a structure"),
    ("TiO2(s)", "'s' (a state of matter: leave it out)"),
    ("NaCl (aq)", "'aq' (a state of matter"),
    ("Fe_2O_3", "'_' (markup: write the formula alone)"),
    ("$Fe_2$", "'$' (markup"),
    ("Fe<sub>2</sub>", "'<' (markup"),
    ("Fe0,5Ni0,5", "',' (a decimal comma: write a full stop)"),
    ("(Mg,Fe)2SiO4", "',' (elements in unknown proportions: give each its amount"),
    ("Ca5(PO4)3(OH,F)", "',' (elements in unknown proportions"),
    ("Y3Al5O12:Ce", "':' (parts in unknown proportions: give each its amount, and join them with ·)"),
    ("Dy3N@C80", "'@' (parts in unknown proportions"),
    ("Xe/Ar", "'/' (parts in unknown proportions"),
    ("Fe18%Cr", "'%' (a percentage: write the amounts of atoms)"),
    ("Ca□TiO3", "'□' (a vacancy: leave it out)"),
    ("Sr(Fe′Fe″)O3", "'′' (a prime or a quotation mark: leave it out)"),
    ("Fe'", "\"'\" (a prime or a quotation mark"),
    ("CaSO4·1½H2O", "'½' (a fraction behind a number: write a decimal)"),
    ("СO2", "'С' (not one of the letters A to Z)"),
    ("Me2SO", "'Me' (methyl: write CH3)"),
    ("PPh3", "'Ph' (phenyl: write C6H5)"),
    ("Fe 2O3", "white space before a number (write an amount directly behind its element"),
    ("CuSO4 5H2O", "white space before a number"),
    ("SO4 2-", "white space before a number"),
    ("(III)2", "expected an element before '(III)', an oxidation state at position 1"),
    ("Fe2IIO", "expected an element before 'II', an oxidation state (of atoms: I2) at position 4"),
]  # fmt: skip

TWOFOLD = [
    ("CuSO4.5H2O", "CuSO4·5H2O", "CuS(O4.5)H2O"),
    ("Zn(NO3)2.6H2O", "Zn(NO3)2·6H2O", "Zn((NO3)2.6)H2O"),
    ("MgCl2.6(H2O)", "MgCl2·6(H2O)", "Mg(Cl2.6)(H2O)"),
    ("MgO.5H2O", "MgO·5H2O", "Mg(O.5)H2O"),
    ("CaCl2.8NH3", "CaCl2·8NH3", "Ca(Cl2.8)NH3"),
    ("CdI2.2C3H7NO", "CdI2·2C3H7NO", "Cd(I2.2)C3H7NO"),
    ("CaO.6Al2O3", "CaO·6Al2O3", "Ca(O.6)Al2O3"),
    ("Fe2O3/2SiO2", "Fe2O3·2SiO2", "Fe2(O3/2)SiO2"),
    ("(Na2CO3.10H2O)2", "(Na2CO3·10H2O)2", "(Na2C(O3.10)H2O)2"),
    ("FeIIIO", "Fe(III)O", "FeI3O"),
    ("FeII2O3", "Fe(II)2O3", "FeI1I2O3"),
    ("K2FeVIO4", "K2Fe(VI)O4", "K2FeV1I1O4"),
    ("VIVO2", "V(IV)O2", "VI1V1O2"),
    ("Cu(I)2", "Cu2", "CuI2"),
    ("Fe(I)2", "Fe2", "FeI2"),
    ("Nb(V)2O5", "Nb2O5", "NbV2O5"),
    ("V(V)2O5", "V2O5", "V1V2O5"),
]

# What users of other parsers reported as read wrong or not at all, and others like it.
REPORTED = [
    # pymatgen 3559: groups without an amount beside groups
    ("(Bi2(Mg0.6Nb1.4)O7)((Bi2(Mg0.6Nb1.4)O7)0.9(SrCO3)0.1)", "Bi 3.8 Mg 1.14 Nb 2.66 O 13.6 Sr 0.1 C 0.1"),
    ("(Fe(OH)2)((NaCl)2)", "Fe 1 O 2 H 2 Na 2 Cl 2"),
    ("((Bi2O3)(SrCO3)0.1)", "Bi 2 O 3.3 Sr 0.1 C 0.1"),
    # pymatgen 1870, CrabNet 43: small amounts as Python prints them
    ("Ni9e-05Fe0.99991", "Ni 9e-05 Fe 0.99991"),
    ("NbO1.9S1e-1", "Nb 1 O 1.9 S 0.1"),
    ("Fe1e-05(OH)1.5e+2", "Fe 1e-05 O 150 H 150"),
    # pymatgen 3583: square brackets
    ("(NH4)2[FeCl5(H2O)]", "N 2 H 10 Fe 1 Cl 5 O 1"),
    ("{[Co(NH3)5]Cl}2", "Co 2 N 10 H 30 Cl 2"),
    ("K3[Fe(CN)6]", "K 3 Fe 1 C 6 N 6"),
    # pyvalem 1: a complex in brackets and its water
    ("[Cu(H2O)4]SO4*H2O", "Cu 1 H 10 O 9 S 1"),
    ("(Cu(H2O)4)SO4", "Cu 1 H 8 O 8 S 1"),
    ("[Cu(H2O)4]SO4·H2O", "Cu 1 H 10 O 9 S 1"),
    # chempy 176, cobrapy 128: decimals
    ("Ca2.832Fe0.6285Mg2.5395(CO3)6", "Ca 2.832 Fe 0.6285 Mg 2.5395 C 6 O 18"),
    ("C36.90H69.37N1.66O4.50PS", "C 36.9 H 69.37 N 1.66 O 4.5 P 1 S 1"),
    ("Fe.95O", "Fe 0.95 O 1"),
    # stoichkit 3: hydrates
    ("MgCl2 * 6 H2O", "Mg 1 Cl 2 H 12 O 6"),
    ("MgCl2·6H2O", "Mg 1 Cl 2 H 12 O 6"),
    ("CaSO4·0.5H2O", "Ca 1 S 1 O 4.5 H 1"),
    # qmpy 11: coefficients
    ("2Li5FeO4", "Li 10 Fe 2 O 8"),
    ("3Gd2O3·4Li2O", "Gd 6 O 13 Li 8"),
    ("Li4(Fe2O3)2", "Li 4 Fe 4 O 6"),
]  # fmt: skip

REPORTED_REFUSED = [
    "123", " ", "NaN",  # pymatgen 3517: no formula at all
    "Dy3N@C80", "La@C82", "Fe3O4@SiO2",  # pymatgen 1268: one in the other, or a coating
    "Zn(NO3)2.6H2O", "CuSO4.5H2O", "MgCl2.6H2O",  # chempy 223: a full stop for the dot
    "Ch3OH", "Na2So4", "CH3OHq",  # chempy 202: read up to the mistake, and that silently
    "[Fe(CN)6]-4", "[Fe(CN)6]4-", "Ag(NH3)2+",  # chempy 94: charges
    "CHD3O", "D2O", "T2O",  # pyEQL 21, emmet 957: D taken for hydrogen, or for nothing
    "[13C]6H12O6", "C[13]6H12O6", "¹³C",  # molmass 6: isotopes
    "Ca1-xEuxBi2Ta2O9", "YBa2Cu3O7-δ", "Ca2AlMg0.5Si1.5O7x:Eu2+",  # MaterialParser 1
    "Xe/Ar", "Fe2O3/SiO2", "(Mg,Fe)2SiO4",  # datalab 1244: proportions that are not there
]  # fmt: skip
