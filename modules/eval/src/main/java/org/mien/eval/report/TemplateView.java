package org.mien.eval.report;

import java.util.ArrayList;
import java.util.List;

/** Makes the section of one comparison of templates. */
final class TemplateView {
  private TemplateView() {}

  static SectionView of(TemplateSection section, int number) {
    SectionView.Draft draft =
        SectionView.of(SectionView.id("templates", number, section.protocol()), section.title())
            .paragraph(section.description())
            .fact(
                "Pairs of templates",
                NumberText.count(section.genuinePairs())
                    + " genuine, "
                    + NumberText.count(section.impostorPairs())
                    + " impostor");
    if (section.pooling() != null) {
      draft.fact("Images of a template", section.pooling());
    }
    if (section.identities() != null) {
      draft.fact("People of the genuine pairs", NumberText.count(section.identities()));
    }
    if (section.equalErrorRate() != null) {
      draft.fact(
          "Equal error rate", NumberText.value(section.equalErrorRate(), FigureStyle.PERCENT));
    }
    if (section.auc() != null) {
      draft.fact("Area under the ROC", NumberText.value(section.auc(), FigureStyle.DECIMAL));
    }
    if (section.curve().size() > 1) {
      draft.figure(
          VerificationFigures.roc(
              section.title(),
              section.genuinePairs(),
              section.impostorPairs(),
              section.equalErrorRate(),
              VerificationFigures.sorted(section.curve()),
              List.of(),
              draft.id() + "-roc"));
    }
    ReportTable.Draft table =
        ReportTable.of(
            "True accept rate (TAR) at given false accept rates (FAR)",
            "#FAR",
            "#TAR",
            "#95 % interval",
            "#Threshold",
            "#FAR reached",
            "Guard",
            "Rule");
    boolean nearest = false;
    for (TemplateSection.Row row : section.rows()) {
      List<String> cells = new ArrayList<>(List.of(IdentificationView.tarCells(row.point())));
      cells.add(row.rule());
      table.row(cells.toArray(String[]::new));
      nearest |= row.rule().equals("nearest");
    }
    draft.table(table.open());
    if (nearest) {
      draft.note(
          "At most: the FAR asked for is kept. Nearest: the point whose FAR is nearest, which may"
              + " be above it; for comparison with figures published so.");
    }
    return draft.end();
  }
}
