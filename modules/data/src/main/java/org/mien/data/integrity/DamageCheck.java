package org.mien.data.integrity;

import java.util.Optional;
import org.mien.core.error.DataException;
import org.mien.data.align.AlignedImageSource;
import org.mien.data.image.EncodedImageSource;
import org.mien.data.image.ImageSource;
import org.mien.data.image.JpegDamage;

/** Says what is wrong with an image. Called by several threads at a time. */
@FunctionalInterface
public interface DamageCheck {
  /**
   * Decodes the image and believes the decoder, which fills holes inside a JPEG's coded data with
   * grey without a word. {@link DatasetCheck} decodes every image anyway, so this costs nothing.
   */
  DamageCheck BY_DECODING =
      source -> {
        try {
          source.decode();
          return Optional.empty();
        } catch (DataException e) {
          return Optional.of(String.valueOf(e.getMessage()));
        }
      };

  /**
   * Looks into a JPEG's coded data, too; about as costly as decoding it once more. What has no
   * bytes of its own, such as a drawn face, is decoded.
   */
  DamageCheck THOROUGH =
      source -> {
        try {
          ImageSource original =
              source instanceof AlignedImageSource aligned ? aligned.original() : source;
          return original instanceof EncodedImageSource encoded
              ? JpegDamage.problemWith(encoded.where(), encoded.bytes())
              : BY_DECODING.problemWith(source);
        } catch (DataException e) {
          return Optional.of(String.valueOf(e.getMessage()));
        }
      };

  /** Returns what is wrong, for people, or nothing. */
  Optional<String> problemWith(ImageSource source);
}
