"""How texts speak that address a model. To compile these expressions takes 2 ms."""

import re

_BEFORE = r"(?:^|[\s\"'>#*])"
ADDRESSED = re.compile(
    rf"{_BEFORE}(?:You(?: are|'re| will| must| should| can| have been)\b|Act as\b"
    r"|Your (?:task|job|role|goal|primary|objective|main|response|answer|output|mission)"
    r"|As an? (?:AI|expert|assistant)|(?:Given|Based on|Using|Here (?:is|are)|Below (?:is|are)"
    r"|Analy[sz]e|Evaluate|Determine|Extract|Generate|Summari[sz]e|Classify|Identify|Rewrite"
    r"|Translate|Compare|Judge|Rate|Assess|Create|Provide|Respond|Answer|Return|Write|Consider"
    r"|Think|Please|Ensure|Avoid|Follow|Do not|Don't|Output|Use the|Focus on|Decide|Review"
    r"|Convert|Read the|Make sure|IMPORTANT|Remember|Discuss|Explain|Describe|Critique|Suggest"
    r"|Propose|Predict|Choose|Select|Assign|Score|List|Check (?:if|that|whether)|Find the"
    r"|Break down)\b)"
)
STRONGLY = re.compile(
    rf"{_BEFORE}(?:You have access to\b"
    r"|You(?: are|'re) (?:an?\b|the\b|now\b|given|tasked|in|going|asked|provided"
    r"|helping|responsible|working|[A-Z])|Your (?:task|job|role|goal|objective|mission) is"
    r"|Act as an?\b|As an (?:AI|expert)|step[- ]by[- ]step|(?:Respond|Reply|Answer|Output|Return)"
    r"(?: \w+){0,4} (?:JSON|with|only|in|as|the following)|\[System:)"
)
