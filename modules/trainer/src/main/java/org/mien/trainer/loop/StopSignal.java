package org.mien.trainer.loop;

/** Asked after every step whether somebody wants the training to stop. */
@FunctionalInterface
public interface StopSignal {
  boolean requested();
}
