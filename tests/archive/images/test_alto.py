"""What the machine read: its words and their places, and nothing of the machine's own."""

from __future__ import annotations

import pytest

from archive.errors import Invalid
from archive.images import alto

TESSERACT = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Description>
<sourceImageInformation><fileName>/tmp/secret-folder/page.png</fileName></sourceImageInformation>
<OCRProcessing ID="OCR_0"><ocrProcessingStep><processingSoftware>
<softwareName>tesseract 5.3.0</softwareName></processingSoftware></ocrProcessingStep>
</OCRProcessing></Description><Layout><Page WIDTH="1448" HEIGHT="1122" ID="page_0">
<PrintSpace><TextBlock ID="b"><TextLine ID="l0">
<String HPOS="10" VPOS="20" WIDTH="80" HEIGHT="30" WC="0.96" CONTENT="Stora"/><SP/>
<String HPOS="100" VPOS="18" WIDTH="90" HEIGHT="34" WC="0.91" CONTENT="torget"/>
<String HPOS="200" VPOS="18" WIDTH="9" HEIGHT="34" WC="0.12" CONTENT="~|"/></TextLine>
<TextLine ID="l1"><String HPOS="10" VPOS="60" WIDTH="90" HEIGHT="30" WC="0.55" CONTENT="1889"/>
</TextLine></TextBlock></PrintSpace></Page></Layout></alto>"""


def test_words_lines_and_places_survive_the_way_through_our_own_form() -> None:
    page = alto.without_doubtful(alto.read(TESSERACT.encode()))
    assert page.text == "Stora torget\n1889"
    again = alto.read(alto.write(page))
    assert again == page
    assert (again.width, again.height, again.software) == (1448, 1122, "tesseract 5.3.0")
    assert (again.words[1].left, again.words[1].top, again.words[1].width) == (100, 18, 90)


def test_our_form_names_no_folder_of_the_machine() -> None:
    written = alto.write(alto.read(TESSERACT.encode()))
    assert b"secret-folder" not in written and b"sourceImageInformation" not in written
    assert alto.NAMESPACE.encode() in written


def test_lines_and_stains_that_were_taken_for_letters_are_no_text() -> None:
    noise = TESSERACT.replace("0.96", "0.31").replace("0.91", "0.35")
    assert alto.without_doubtful(alto.read(noise.encode())).text == ""


@pytest.mark.parametrize(
    "body", ["<alto/>", "<alto>", '<a><Page WIDTH="x"/></a>', "<!DOCTYPE a><a/>"]
)
def test_what_is_no_page_of_alto_is_refused(body: str) -> None:
    with pytest.raises(Invalid):
        alto.read(body.encode())
