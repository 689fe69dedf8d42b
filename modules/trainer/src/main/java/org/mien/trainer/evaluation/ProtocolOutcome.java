package org.mien.trainer.evaluation;

import java.util.Map;
import java.util.Optional;
import org.mien.eval.metrics.Metric;

/** What a protocol gave. */
public sealed interface ProtocolOutcome
    permits VerificationOutcome,
        TemplateComparison.Outcome,
        GallerySearch.Outcome,
        MegafaceProtocol.Outcome,
        FewShotProtocol.Outcome,
        LabelledFaces.Outcome {

  /** Returns its name for people. */
  String title();

  /** Returns the figures by protocol and name, as {@code metrics.json} has them. */
  Map<String, Map<String, Metric>> metrics();

  /** Returns what was left out and why, as a sentence; empty where nothing was. */
  Optional<String> leftOutInWords();
}
