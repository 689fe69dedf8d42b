package org.mien.trainer.evaluation;

import org.mien.data.manifest.FaceSamples;

/**
 * A protocol with its faces, opened and ready to be run on a model. {@code mien evaluate}, {@code
 * mien megaface} and {@code evaluation.protocols} of a recipe all run one of these.
 */
public sealed interface FaceProtocol
    permits PairProtocol,
        TemplateComparison,
        GallerySearch,
        MegafaceProtocol,
        FewShotProtocol,
        LabelledFaces {

  /** Returns what its figures are called in {@code metrics.json}. */
  String name();

  /**
   * Returns the images that are asked about; those that no pair or list names may be among them.
   */
  FaceSamples samples();

  /**
   * Checks that the images it names exist, without decoding any, so that a training need not end
   * before a mistake is told.
   *
   * @throws org.mien.core.error.DataException naming the first that is missing
   */
  void check();

  /**
   * Runs it.
   *
   * @throws org.mien.core.error.DataException if an image is missing or cannot be read, or nothing
   *     is left to be counted
   */
  ProtocolOutcome run(ProtocolRun with);
}
