"""What is read of PDF, Office documents and e-mails: pages, headings and tables."""

from lisa.ports.extraction import Nature
from tests.contract.extraction.reading import Desk
from tests.documents import pdf, word
from tests.documents_of_offices import (
    Rows,
    letter,
    pdf_with_table,
    presentation,
    word_of,
    word_with_table,
    workbook,
)

REVISED = (
    "<w:p><w:pPr><w:tabs><w:tab w:val='left' w:pos='9'/></w:tabs></w:pPr>"
    "<w:r><w:t>Pay</w:t><w:tab/><w:t xml:space='preserve'>within </w:t></w:r>"
    "<w:del><w:r><w:delText>ten</w:delText></w:r></w:del>"
    "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
    "<w:ins><w:r><w:t>thirty</w:t></w:r></w:ins>"
    "<w:r><w:t xml:space='preserve'> days.</w:t><w:br/><w:t xml:space='preserve'>See </w:t></w:r>"
    "<w:hyperlink><w:r><w:t>the list</w:t></w:r></w:hyperlink>"
    "<w:r><w:t xml:space='preserve'> </w:t><w:noBreakHyphen/><w:br w:type='page'/>"
    "<w:t xml:space='preserve'> or ask.</w:t></w:r></w:p>"
    "<w:p><w:r><w:t xml:space='preserve'>Name: </w:t></w:r>"
    "<w:sdt><w:sdtContent><w:r><w:t>Ada</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    "<w:sdt><w:sdtContent><w:p><w:r><w:t>Signed</w:t></w:r></w:p></w:sdtContent></w:sdt>"
)


async def test_each_page_of_a_pdf_knows_its_number(desk: Desk) -> None:
    read = await desk.read(pdf("First", "", "Third", "Fourth"), "REPORT.PDF")
    assert read.nature == Nature("pdf", 4)
    assert [(section.page, section.text) for section in read.sections] == [
        (1, "First\n\n"),
        (3, "Third\n\n"),
        (4, "Fourth\n\n"),
    ]
    assert read.warnings == ("1 of 4 pages have no text; they may be scans",)


async def test_tables_of_a_pdf_are_told_as_rows_and_only_once(desk: Desk) -> None:
    read = await desk.read(pdf_with_table(), tables=True)
    assert [(section.page, section.whole, section.text) for section in read.sections] == [
        (1, False, "Cover\n\n"),
        (2, False, "Above it\n\n"),
        (2, True, "| fruit | tons |\n| pears | 41 |\n\n"),
        (2, False, "Below it\n\n"),
    ]


async def test_the_fast_way_tells_the_words_of_a_pdfs_tables_too(desk: Desk) -> None:
    read = await desk.read(pdf_with_table())
    assert read.nature == Nature("pdf", 2)
    assert {"pears", "41", "Above"} <= set(read.text.split())


async def test_a_word_document_is_read_in_order_below_its_headings(desk: Desk) -> None:
    read = await desk.read(word(), "Report.DocX")
    assert read.nature == Nature("docx")
    assert read.told == [
        (("Report",), "# Report\nIt begins.\n\n"),
        (("Costs",), "# Costs\n- rent\n\n"),
        (("Costs",), "| what | how much |\n| nothing |\n\n"),
        (("Costs", "Detail"), "## Detail\nAfter the table.\n\n"),
    ]


async def test_what_is_inserted_linked_or_filled_in_is_read_and_what_is_deleted_is_not(
    desk: Desk,
) -> None:
    read = await desk.read(word_of(REVISED))
    assert read.text == "Pay\twithin thirty days.\nSee the list - or ask.\nName: Ada\nSigned\n\n"


async def test_a_long_table_comes_in_groups_that_each_carry_the_header(desk: Desk) -> None:
    rows = [["part", "price"], *([f"screw number {n}", str(n)] for n in range(60))]
    read = await desk.read(word_with_table(rows))
    assert len(read.sections) > 2
    assert all(section.whole for section in read.sections)
    assert all("| part | price |\n" in section.text for section in read.sections)
    assert read.text.count("| screw number 17 | 17 |") == 1


async def test_slides_are_pages_with_title_table_and_notes(desk: Desk) -> None:
    read = await desk.read(presentation(), "talk.PPTX")
    assert read.nature == Nature("pptx", 2)
    assert [(section.page, section.headings, section.text) for section in read.sections] == [
        (1, ("Harvest",), "# Harvest\nApples were late.\n\nNotes: Thank the pickers.\n\n"),
        (2, ("Weights",), "# Weights\n| fruit | tons |\n| pears | 41 |\n\n"),
    ]


async def test_sheets_of_a_workbook_are_tables_below_their_names(desk: Desk) -> None:
    costs: Rows = [["Report 2025"], ["what", "EUR"], ["rent", 100.0], ["heat", 20.5]]
    read = await desk.read(workbook({"Costs": costs, "Empty": [], "One": [["a"], ["b"]]}))
    assert read.nature == Nature("xlsx")
    assert read.told == [
        (("Costs",), "Report 2025\n\n"),
        (("Costs",), "| what | EUR |\n| rent | 100 |\n| heat | 20.5 |\n\n"),
        (("One",), "| a |\n| b |\n\n"),
    ]


async def test_rows_of_a_very_wide_table_name_each_value(desk: Desk) -> None:
    names: list[str | float] = [f"column {n}" for n in range(40)]
    read = await desk.read(workbook({"Wide": [names, list(range(40))]}))
    assert "column 17: 17\n" in read.sections[-1].text


async def test_an_email_tells_who_wrote_what_and_the_text_files_on_it(desk: Desk) -> None:
    files = [("note.txt", "text/plain", b"The seal is old."), ("s.pdf", "application/pdf", b"%PDF")]
    read = await desk.read(letter(*files, html="<p>The pump leaks again.</p>"), "mail.EML")
    assert read.nature == Nature("email")
    subject = "Ärger mit der Pumpe"
    assert read.sections[0].headings == (subject,)
    assert "From: Zoë <zoe@example.org>\nTo: team@example.org\n" in read.text
    assert read.text.count("The pump leaks again.") == 1
    assert ((subject, "note.txt"), "The seal is old.") in read.told
    assert read.warnings == ("the attachment s.pdf was left out",)


async def test_an_email_that_is_only_a_page_is_read_as_one(desk: Desk) -> None:
    message = b"From: a@b.c\r\nSubject: Hi\r\nContent-Type: text/html\r\n\r\n<h1>One</h1><p>two</p>"
    read = await desk.read(message, "a.eml")
    assert read.told[-1] == (("Hi", "One"), "# One\n\ntwo\n\n")
