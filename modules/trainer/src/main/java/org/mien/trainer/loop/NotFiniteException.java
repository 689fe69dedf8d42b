package org.mien.trainer.loop;

/**
 * A step met a number that is not finite; engines throw it, {@link Trainer} says when and where.
 */
public final class NotFiniteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean ofLastPart;

  /**
   * @param where what is not finite: loss, layer and which of its numbers
   * @param ofLastPart whether the batch that was read last is to blame, rather than the whole step
   */
  public NotFiniteException(String where, boolean ofLastPart) {
    super(where);
    this.ofLastPart = ofLastPart;
  }

  boolean ofLastPart() {
    return ofLastPart;
  }
}
