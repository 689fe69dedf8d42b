package org.mien.data.protocol;

import java.util.List;
import java.util.Map;

/** Which images an evaluation compares. */
public sealed interface Protocol permits PairList, IdentificationLists, TemplateProtocol {

  /** Returns a short name for reports. */
  String name();

  /** Returns the key of every image that is needed, once, in the order of first use. */
  List<String> keys();

  /** Returns what the protocol consists of, for people: names and numbers in a fixed order. */
  Map<String, Long> counts();
}
