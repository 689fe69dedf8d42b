package org.mien.data.prepare;

/** How aligned pictures are stored. */
public enum ImageFormat {
  /** Small, and lossy: colour at half the resolution (4:2:0), as OpenCV and most tools write it. */
  JPG("jpg"),
  /** Without loss, about four times as large. */
  PNG("png");

  private final String extension;

  ImageFormat(String extension) {
    this.extension = extension;
  }

  /** The end of the files' names, without a dot. */
  public String extension() {
    return extension;
  }
}
