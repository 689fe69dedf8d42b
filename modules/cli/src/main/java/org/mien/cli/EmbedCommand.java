package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mien.core.embedding.EmbeddingFile;
import org.mien.core.error.ConfigException;
import org.mien.core.error.DataException;
import org.mien.data.image.Decoding;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.Skipped;
import org.mien.model.file.FaceModel;
import org.mien.model.nd4j.Nd4jRuntime;
import org.mien.trainer.feature.FeatureExtractor;
import org.mien.trainer.feature.FeatureTable;

/** {@code mien embed}: the embeddings of a data set, in a file. */
@Parameters(commandDescription = "Embeddings of a data set, as an array that NumPy reads")
final class EmbedCommand extends HelpOption {
  private static final int SKIPPED_SHOWN = 10;

  @ParametersDelegate private final DatasetArgument source = new DatasetArgument();

  @ParametersDelegate private final ModelArgument model = new ModelArgument();

  @Parameter(
      names = "--out",
      required = true,
      description = "NAME.npy, (images, numbers) in float32; NAME.csv beside it has their keys")
  private Path out;

  @Parameter(
      names = "--normalize",
      description = "Scale each embedding to Euclidean length 1, as comparisons do anyway")
  private boolean normalize;

  @Parameter(
      names = "--strict",
      description = "End with an error at an image that cannot be read, rather than list it")
  private boolean strict;

  @Override
  public int run(Console console) {
    if (!out.getFileName().toString().endsWith(".npy")) {
      throw new ConfigException("--out: expected a name that ends in .npy, was " + out);
    }
    FaceManifest faces = source.single().openAligned();
    Nd4jRuntime.start();
    try (FaceModel opened = model.open()) {
      FeatureTable table =
          new FeatureExtractor(
                  opened.embedder(),
                  opened.descriptor().preprocessing().crop(),
                  Decoding.FULL,
                  Optional.empty(),
                  strict,
                  console.progress())
              .extract("embed", faces.samples());
      report(table.skipped(), console);
      if (table.samples().isEmpty()) {
        throw new DataException(faces.name() + ": there is no image that could be read");
      }
      EmbeddingFile.write(out, normalize ? table.toMatrix().normalized() : table.toMatrix());
      console.result(
          String.format(
              "wrote: %s (%d x %d) and %s",
              out, table.samples().size(), table.dimension(), EmbeddingFile.keysOf(out)));
      return 0;
    }
  }

  private static void report(List<Skipped> skipped, Console console) {
    skipped.stream()
        .limit(SKIPPED_SHOWN)
        .forEach(image -> console.say("mien: left out " + image.key() + ": " + image.reason()));
    if (skipped.size() > SKIPPED_SHOWN) {
      console.say("mien: left out " + (skipped.size() - SKIPPED_SHOWN) + " more");
    }
  }
}
