package org.mien.cli;

import com.beust.jcommander.Parameter;
import com.beust.jcommander.Parameters;
import com.beust.jcommander.ParametersDelegate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mien.core.config.ConfigLoader;
import org.mien.core.config.Setting;
import org.mien.core.error.ConfigException;
import org.mien.core.preprocessing.ColorOrder;
import org.mien.core.preprocessing.Crop;
import org.mien.core.preprocessing.Preprocessing;
import org.mien.core.random.SeedStreams;
import org.mien.data.augment.AugmentationConfig;
import org.mien.data.augment.AugmentationPipeline;
import org.mien.data.augment.ContactSheet;
import org.mien.data.image.FacePreprocessor;
import org.mien.data.manifest.FaceManifest;
import org.mien.data.manifest.FaceSample;

/** {@code mien data preview}: what a network is shown. */
@Parameters(commandDescription = "A picture of what a network is shown, and of each augmentation")
final class DataPreviewCommand extends HelpOption {
  /** All augmentations, each with its defaults. */
  record Everything(
      @Setting(
              value = "Augmentations.",
              defaultValue =
                  "[{type: flip}, {type: crop-jitter}, {type: rotation}, {type: color-jitter},"
                      + " {type: grey}, {type: blur}, {type: low-resolution}, {type: jpeg},"
                      + " {type: cut-out}]")
          List<AugmentationConfig> augmentation) {}

  @ParametersDelegate private final DatasetArgument source = new DatasetArgument();

  @Parameter(names = "--out", required = true, description = "The picture, a .png")
  private Path out;

  @Parameter(names = "--images", description = "How many images, spread over the data set")
  private int images = 6;

  @Parameter(names = "--views", description = "How many views of all augmentations together")
  private int views = 4;

  @Parameter(
      names = "--size",
      description = "The network's input, WIDTHxHEIGHT; by default the recipe's, else 112x112")
  private String size;

  @Parameter(
      names = "--crop",
      description =
          "The part that is shown: none, or centre:FRACTION; by default the recipe's, else none")
  private String crop;

  @Parameter(names = "--seed", description = "Seed of the random changes; by default the recipe's")
  private Long seed;

  @Override
  public int run(Console console) {
    DatasetArgument.Named named = source.single();
    if (!out.toString().endsWith(".png")) {
      throw new ConfigException("--out: expected a name that ends in .png, was " + out);
    }
    if (images < 1 || views < 0) {
      throw new ConfigException(
          "--images, --views: expected at least 1 and 0, was " + images + " and " + views);
    }
    FaceManifest manifest = named.openAligned();
    List<FaceSample> chosen = new ArrayList<>();
    int count = Math.min(images, manifest.samples().size());
    for (int i = 0; i < count; i++) {
      chosen.add(manifest.samples().get((int) ((long) i * manifest.samples().size() / count)));
    }
    List<AugmentationConfig> augmentation = named.dataset().augmentation();
    if (augmentation.isEmpty()) {
      console.say("mien: no augmentation is configured; all are shown with their defaults");
      augmentation = everything();
    }
    try {
      ContactSheet.writePng(
          ContactSheet.of(
              chosen,
              new FacePreprocessor(input(named)),
              AugmentationPipeline.of(augmentation),
              views,
              new SeedStreams(seed == null ? named.seed() : seed)),
          out);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--images, --views, --size: " + e.getMessage(), e);
    }
    console.result("preview: " + out);
    return 0;
  }

  private Preprocessing input(DatasetArgument.Named named) {
    List<Double> plain = List.of(127.5, 127.5, 127.5);
    Preprocessing input =
        named
            .recipe()
            .flatMap(recipe -> recipe.model().backbone().statedInput())
            .orElse(
                new Preprocessing(112, 112, ColorOrder.RGB, plain, plain, new Crop.None(), "any"));
    int width = input.widthPixels();
    int height = input.heightPixels();
    if (size != null) {
      if (!size.matches("\\d{1,4}x\\d{1,4}")) {
        throw new ConfigException("--size: expected WIDTHxHEIGHT such as 112x112, was " + size);
      }
      String[] sides = size.split("x", -1);
      width = Integer.parseInt(sides[0]);
      height = Integer.parseInt(sides[1]);
      if (width < 8 || height < 8 || width > 4096 || height > 4096) {
        throw new ConfigException("--size: expected sides of 8 to 4096 pixels, was " + size);
      }
    }
    return new Preprocessing(
        width,
        height,
        ColorOrder.RGB,
        plain,
        plain,
        crop == null ? input.crop() : CropOption.parse(crop),
        "any");
  }

  /** Returns every augmentation with its defaults. */
  static List<AugmentationConfig> everything() {
    return ConfigLoader.parse("{}", "defaults", Everything.class, List.of(), Map.of())
        .value()
        .augmentation();
  }
}
