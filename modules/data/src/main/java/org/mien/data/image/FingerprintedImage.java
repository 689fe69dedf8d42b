package org.mien.data.image;

/**
 * A decoded image with the fingerprint of what it was decoded from.
 *
 * @param image its pixels
 * @param fingerprint as {@link ImageSource#fingerprint()} gives it
 */
public record FingerprintedImage(RawImage image, String fingerprint) {}
