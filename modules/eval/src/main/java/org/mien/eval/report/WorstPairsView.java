package org.mien.eval.report;

import java.util.List;
import java.util.stream.Stream;

/** Makes the section on the worst pairs and people. */
final class WorstPairsView {
  private WorstPairsView() {}

  static SectionView of(WorstPairsSection section, int number) {
    SectionView.Draft draft =
        SectionView.of(
                SectionView.id("worst", number, section.protocol()),
                "Worst errors: " + section.title())
            .paragraph(
                "Look at these first: mislabelled images, failed detections and twins gather here.")
            .fact(
                "Threshold",
                NumberText.decimal(section.threshold())
                    + (section.thresholdOrigin() == null ? "" : ", " + section.thresholdOrigin()));
    draft.pictures("Taken for one person, but two", section.falseMatches());
    draft.pictures("Taken for two people, but one", section.falseNonMatches());
    boolean pictures =
        Stream.concat(section.falseMatches().stream(), section.falseNonMatches().stream())
            .anyMatch(WorstPairsSection.Pair::hasThumbnails);
    draft.note(
        pictures
            ? "This page shows faces, since that was asked for. They are biometric personal data: keep"
                + " the page to those who may see the images themselves, and delete it with them"
            : "Pictures are left out, for faces are personal data and a report is passed on."
                + " --thumbnails 10 of mien evaluate and mien megaface, or thumbnails: 10 under"
                + " evaluation in a recipe, shows them");
    if (section.falseMatches().isEmpty()) {
      draft.note("No pair of two people was accepted.");
    }
    if (section.falseNonMatches().isEmpty()) {
      draft.note("No pair of one person was refused.");
    }
    draft.table(
        table("Worst false matches: two people with the highest scores", section.falseMatches()));
    draft.table(
        table(
            "Worst false non-matches: one person with the lowest scores",
            section.falseNonMatches()));
    ReportTable.Draft people =
        ReportTable.of(
            "People with the most errors",
            "Person",
            "#Refused / genuine pairs",
            "#Accepted / impostor pairs");
    section
        .identities()
        .forEach(
            row ->
                people.row(
                    row.identity(),
                    FairnessView.errors(row.missed()),
                    FairnessView.errors(row.falseMatches())));
    draft.table(people.open());
    if (!section.identities().isEmpty()) {
      draft.note(
          "These people are the extremes of many; by luck alone someone comes last. With few pairs a"
              + " person, the order says little.");
    }
    return draft.end();
  }

  private static ReportTable table(String caption, List<WorstPairsSection.Pair> pairs) {
    ReportTable.Draft table = ReportTable.of(caption, "#Score", "Image", "Other image");
    pairs.forEach(
        pair -> table.row(NumberText.decimal(pair.score()), pair.imageA(), pair.imageB()));
    return table.open();
  }
}
