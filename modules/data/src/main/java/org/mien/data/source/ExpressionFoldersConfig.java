package org.mien.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.error.DataException;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.FileImageSource;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;
import org.mien.data.manifest.Skipped;

/**
 * Faces sorted by expression: a folder for each, as FER2013 is often unpacked ({@code
 * train/angry/...}). The folder's name becomes the attribute {@code expression}.
 *
 * <p>Such sets name nobody, so each image is an identity of its own.
 *
 * @param folder holds a folder for each expression: the {@code train} or the {@code test} of the
 *     set
 */
@TypeName("expression-folders")
public record ExpressionFoldersConfig(
    @Setting("Folder that holds a folder of images for each expression.") Path folder)
    implements DatasetConfig {

  @Override
  public FaceManifest open(SeedStreams seeds) {
    RootFolder root = RootFolder.of(folder);
    List<FaceSample> samples = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    List<String> expressions = FlatFolder.foldersIn(folder);
    for (String expression : expressions) {
      for (String file : FlatFolder.filesIn(folder.resolve(expression))) {
        String key = expression + "/" + file;
        Path path = folder.resolve(expression).resolve(file);
        Optional<String> problem =
            FolderConfig.problemWithName(expression, file).or(() -> root.problemWith(path));
        if (problem.isPresent()) {
          skipped.add(new Skipped(key, problem.get()));
        } else {
          samples.add(
              new FaceSample(
                  key,
                  key,
                  new FileImageSource(path),
                  Map.of("expression", expression.toLowerCase(Locale.ROOT))));
        }
      }
    }
    if (samples.isEmpty()) {
      throw DataException.in(
          folder, "holds no image in a folder of an expression; it has the folders " + expressions);
    }
    return new FaceManifest(name(), samples, skipped);
  }

  @Override
  public String name() {
    return IdentityFolders.nameOf(folder);
  }
}
