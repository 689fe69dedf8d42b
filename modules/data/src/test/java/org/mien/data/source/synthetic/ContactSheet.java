package org.mien.data.source.synthetic;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.mien.core.random.SeedStreams;
import org.mien.data.image.RawImage;

/**
 * Writes sheets of faces to look at: {@code ContactSheet FOLDER}. Not a test; run it after every
 * change of the renderer.
 */
final class ContactSheet {
  private final BufferedImage sheet;
  private final int size;

  ContactSheet(int rows, int columns, int sizePixels) {
    sheet = new BufferedImage(columns * sizePixels, rows * sizePixels, BufferedImage.TYPE_INT_RGB);
    size = sizePixels;
  }

  void put(int row, int column, RawImage image) {
    byte[] rgb = image.rgb();
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int at = 3 * (y * size + x);
        sheet.setRGB(
            column * size + x,
            row * size + y,
            (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF));
      }
    }
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    if (!ImageIO.write(sheet, "png", file.toFile())) {
      throw new IOException("no PNG writer");
    }
  }

  /** One row an identity: the neutral picture, then the usual variety. */
  static ContactSheet identities(
      SeedStreams seeds, int first, int rows, int columns, int sizePixels) {
    ContactSheet sheet = new ContactSheet(rows, columns, sizePixels);
    for (int row = 0; row < rows; row++) {
      IdentityParameters identity = IdentityParameters.of(seeds, first + row);
      for (int column = 0; column < columns; column++) {
        NuisanceParameters nuisance =
            column == 0
                ? NuisanceParameters.neutral()
                : NuisanceParameters.of(seeds, first + row, column);
        sheet.put(row, column, FaceRenderer.render(identity, nuisance, sizePixels));
      }
    }
    return sheet;
  }

  /** Many people, each once, neutral. */
  static ContactSheet crowd(SeedStreams seeds, int rows, int columns, int sizePixels) {
    ContactSheet sheet = new ContactSheet(rows, columns, sizePixels);
    for (int i = 0; i < rows * columns; i++) {
      sheet.put(
          i / columns,
          i % columns,
          FaceRenderer.render(
              IdentityParameters.of(seeds, i), NuisanceParameters.neutral(), sizePixels));
    }
    return sheet;
  }

  /** One row a person: every expression, then a turn of the head from left to right. */
  static ContactSheet expressionsAndPoses(SeedStreams seeds, int first, int rows, int sizePixels) {
    int[] yaws = {-60, -40, -20, 20, 40, 60};
    Expression[] expressions = Expression.values();
    ContactSheet sheet = new ContactSheet(rows, expressions.length + yaws.length, sizePixels);
    NuisanceParameters n = NuisanceParameters.neutral();
    for (int row = 0; row < rows; row++) {
      IdentityParameters identity = IdentityParameters.of(seeds, first + row);
      int column = 0;
      for (Expression expression : expressions) {
        NuisanceParameters.Face face =
            new NuisanceParameters.Face(
                expression, expression == Expression.NEUTRAL ? 0 : 1, 0, 0, 0, 0, true, false);
        sheet.put(
            row,
            column++,
            FaceRenderer.render(
                identity,
                new NuisanceParameters(n.pose(), n.light(), face, n.camera(), n.scene()),
                sizePixels));
      }
      for (int yaw : yaws) {
        NuisanceParameters.Pose pose =
            new NuisanceParameters.Pose(yaw, row % 3 * 15 - 15, 0, 0, 0, 1);
        sheet.put(
            row,
            column++,
            FaceRenderer.render(
                identity,
                new NuisanceParameters(pose, n.light(), n.face(), n.camera(), n.scene()),
                sizePixels));
      }
    }
    return sheet;
  }

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    SeedStreams seeds = new SeedStreams(1);
    // As in docs/synthetic-faces.md, there with a palette of 256 colours.
    identities(seeds, 13, 5, 8, 80).write(folder.resolve("synthetic-faces.png"));
    crowd(seeds, 4, 6, 256).write(folder.resolve("crowd-256.png"));
    identities(seeds, 40, 4, 6, 256).write(folder.resolve("identities-256.png"));
    crowd(seeds, 8, 12, 112).write(folder.resolve("crowd-112.png"));
    identities(seeds, 0, 8, 12, 112).write(folder.resolve("identities-112.png"));
    identities(seeds, 20, 12, 16, 64).write(folder.resolve("identities-64.png"));
    expressionsAndPoses(seeds, 30, 6, 128).write(folder.resolve("expressions-128.png"));
  }
}
