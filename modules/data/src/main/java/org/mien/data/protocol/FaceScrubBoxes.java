package org.mien.data.protocol;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mien.core.error.DataException;
import org.mien.data.image.FaceBox;

/**
 * FaceScrub's bounding boxes: {@code facescrub_actors.txt} and {@code facescrub_actresses.txt}, tab
 * separated with a heading (H. Ng, S. Winkler: A data-driven approach to cleaning large face
 * datasets, ICIP 2014). Columns {@code name}, {@code face_id} and {@code bbox} ({@code
 * x1,y1,x2,y2}) are used; an image is named {@code Name_faceid}.
 */
public final class FaceScrubBoxes {
  private static final Pattern BOX =
      Pattern.compile("(-?\\d{1,6}),(-?\\d{1,6}),(-?\\d{1,6}),(-?\\d{1,6})");

  private final Map<String, FaceBox> boxes = new HashMap<>();

  private FaceScrubBoxes() {}

  /**
   * Reads both files, or one.
   *
   * @throws DataException naming the line at fault
   */
  public static FaceScrubBoxes read(List<Path> files) {
    FaceScrubBoxes all = new FaceScrubBoxes();
    files.forEach(all::add);
    return all;
  }

  /** Returns the box of an image named as MegaFace's lists name it, in either style. */
  public Optional<FaceBox> of(String path) {
    return Optional.ofNullable(boxes.get(MegafaceList.faceScrubName(path)));
  }

  /** Returns how many boxes there are. */
  public int size() {
    return boxes.size();
  }

  private void add(Path file) {
    List<String> columns = new ArrayList<>();
    TextLines.read(
        file,
        "FaceScrub's bounding boxes",
        (line, text) -> {
          String[] fields = text.split("\t", -1);
          if (columns.isEmpty()) {
            columns.addAll(List.of(fields));
            if (!columns.containsAll(List.of("name", "face_id", "bbox"))) {
              throw DataException.atLine(
                  file, line, "expected the columns name, face_id and bbox, found " + columns);
            }
            return;
          }
          if (fields.length != columns.size()) {
            throw DataException.atLine(
                file, line, "has " + fields.length + " fields; expected " + columns.size());
          }
          String name = fields[columns.indexOf("name")].strip().replace(' ', '_');
          String number = fields[columns.indexOf("face_id")].strip();
          Matcher box = BOX.matcher(fields[columns.indexOf("bbox")].strip());
          if (!box.matches()) {
            throw DataException.atLine(
                file, line, "expected a box x1,y1,x2,y2, found " + TextLines.quoted(text));
          }
          int left = Integer.parseInt(box.group(1));
          int top = Integer.parseInt(box.group(2));
          int width = Integer.parseInt(box.group(3)) - left;
          int height = Integer.parseInt(box.group(4)) - top;
          if (width < 1 || height < 1) {
            throw DataException.atLine(file, line, "has a box of " + width + " x " + height);
          }
          boxes.put(name + "/" + name + "_" + number, new FaceBox(left, top, width, height));
        });
  }
}
