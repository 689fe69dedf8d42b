package org.mien.data.source;

import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;

/** A data set, chosen in a recipe by {@code type:}. */
public sealed interface DatasetConfig
    permits LfwConfig,
        FolderConfig,
        SyntheticConfig,
        RecordIoConfig,
        BinConfig,
        ListConfig,
        UtkFaceConfig,
        ExpressionFoldersConfig,
        FerCsvConfig,
        AgeDbConfig,
        PairImagesConfig,
        MegafaceImagesConfig,
        IjbImagesConfig {

  /**
   * Lists the samples. Files are found but not decoded; the order does not depend on the machine.
   *
   * @param seeds for sets that are made rather than read
   * @throws org.mien.core.error.DataException if the set is missing or holds nothing usable
   */
  FaceManifest open(SeedStreams seeds);

  /** Returns a short name for reports, for example {@code lfw-deepfunneled}. */
  String name();

  /** Returns false where every image is an identity of its own, because the set names nobody. */
  default boolean namesPeople() {
    return true;
  }
}
