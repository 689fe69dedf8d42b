package org.mien.data.source;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mien.core.config.Setting;
import org.mien.core.config.TypeName;
import org.mien.core.random.SeedStreams;
import org.mien.data.manifest.FaceManifest;

/**
 * A table of images: comma-separated values (RFC 4180, fields may be quoted) or the like, in UTF-8,
 * whose first line names the columns. Each other line is an image; columns that have no meaning
 * here become attributes, empty fields none.
 *
 * <p>The key of a sample is its path as written. An image may be listed several times where the
 * table says where the faces are: the second one's key ends in {@code #2}. Otherwise a second time
 * is an error, as are lines of another number of fields, empty identities, numbers that are none
 * and paths that are absolute or lead out of the root with {@code ..}. A file that is missing, no
 * file, or a link that leads out of the root is listed and left out.
 *
 * @param file the table
 * @param root what its paths are relative to; the table's own folder where it is not given
 * @param pathColumn name of the column of paths
 * @param identityColumn name of the column that says who is shown
 * @param delimiter between fields
 * @param boxColumns the face's box: none or four columns
 * @param boxForm what the four columns are
 * @param pointColumns the face's five points: none, or ten columns {@code x1 y1 ... x5 y5}
 * @param minimumImages identities with fewer images are left out, and counted
 */
@TypeName("list")
public record ListConfig(
    @Setting("Table of images with a header line: CSV, TSV or semicolons.") Path file,
    @Setting("Folder that the table's paths are relative to; by default the table's own.")
        Optional<Path> root,
    @Setting(value = "Column that holds each image's path.", defaultValue = "file")
        String pathColumn,
    @Setting(value = "Column that says who is shown.", defaultValue = "identity")
        String identityColumn,
    @Setting(
            value = "What stands between fields; guessed from the header by default.",
            defaultValue = "guess")
        Delimiter delimiter,
    @Setting(
            value = "Four columns with the face's box in pixels, as boxForm says; none by default.",
            defaultValue = "[]")
        List<String> boxColumns,
    @Setting(
            value = "Whether boxColumns are left, top, width, height or left, top, right, bottom.",
            defaultValue = "left-top-width-height")
        BoxForm boxForm,
    @Setting(
            value =
                "Ten columns with the face's five points in pixels: x and y of the eye on the"
                    + " image's left, the other eye, the nose, the mouth's left and right corner.",
            defaultValue = "[]")
        List<String> pointColumns,
    @Setting(
            value = "Identities with fewer images than this are left out.",
            defaultValue = "1",
            min = 1,
            max = 100000)
        int minimumImages)
    implements DatasetConfig {

  /** What stands between the fields of a line. */
  public enum Delimiter {
    /** The one with which the header has the columns asked for. */
    GUESS,
    COMMA,
    TAB,
    SEMICOLON
  }

  /** What four columns of a box are. */
  public enum BoxForm {
    LEFT_TOP_WIDTH_HEIGHT,
    LEFT_TOP_RIGHT_BOTTOM
  }

  public ListConfig {
    boxColumns = List.copyOf(boxColumns);
    pointColumns = List.copyOf(pointColumns);
    if (!boxColumns.isEmpty() && boxColumns.size() != 4) {
      throw new IllegalArgumentException(
          "expected no or four boxColumns, was " + boxColumns.size() + ": " + boxColumns);
    }
    if (!pointColumns.isEmpty() && pointColumns.size() != 10) {
      throw new IllegalArgumentException(
          "expected no or ten pointColumns, was " + pointColumns.size() + ": " + pointColumns);
    }
    Set<String> names = new HashSet<>(List.of(pathColumn));
    for (List<String> columns : List.of(boxColumns, pointColumns)) {
      for (String column : columns) {
        if (!names.add(column)) {
          throw new IllegalArgumentException("the column " + column + " was given two meanings");
        }
      }
    }
    IdentityFolders.checkMinimumImages(minimumImages);
  }

  /** A table of paths and identities, the delimiter guessed. */
  public ListConfig(Path file, Optional<Path> root, String pathColumn, String identityColumn) {
    this(
        file,
        root,
        pathColumn,
        identityColumn,
        Delimiter.GUESS,
        List.of(),
        BoxForm.LEFT_TOP_WIDTH_HEIGHT,
        List.of(),
        1);
  }

  @Override
  public FaceManifest open(SeedStreams seeds) {
    return new ListReader(this).read();
  }

  @Override
  public String name() {
    String name = FolderListing.nameOf(file);
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
