package org.mien.data.manifest;

import java.util.Map;
import org.mien.data.image.FaceLocation;
import org.mien.data.image.ImageSource;

/**
 * One image of one person.
 *
 * @param key unique in its manifest and stable, for example {@code Name/Name_0001.jpg}
 * @param identity who it shows
 * @param image where its pixels come from
 * @param attributes other labels by name, such as {@code expression} or {@code age}
 * @param location where in the image the face is, as far as the data set says
 */
public record FaceSample(
    String key,
    String identity,
    ImageSource image,
    Map<String, String> attributes,
    FaceLocation location) {
  public FaceSample {
    attributes = Map.copyOf(attributes);
  }

  /** A sample of a data set that does not say where the face is. */
  public FaceSample(
      String key, String identity, ImageSource image, Map<String, String> attributes) {
    this(key, identity, image, attributes, FaceLocation.UNKNOWN);
  }

  /** Returns the same sample with pixels from elsewhere and the face where it is in those. */
  public FaceSample withImage(ImageSource newImage, FaceLocation newLocation) {
    return new FaceSample(key, identity, newImage, attributes, newLocation);
  }
}
