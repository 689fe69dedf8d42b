package org.mien.data.manifest;

import java.util.Map;
import org.mien.data.image.ImageSource;

/**
 * One image of one person.
 *
 * @param key unique in its manifest and stable, for example {@code Name/Name_0001.jpg}
 * @param identity who it shows
 * @param image where its pixels come from
 * @param attributes other labels by name, such as {@code expression} or {@code age}
 */
public record FaceSample(
    String key, String identity, ImageSource image, Map<String, String> attributes) {
  public FaceSample {
    attributes = Map.copyOf(attributes);
  }
}
