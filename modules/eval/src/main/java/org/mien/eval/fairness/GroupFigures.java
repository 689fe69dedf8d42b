package org.mien.eval.fairness;

/**
 * What is known of one group.
 *
 * @param group its name
 * @param identities how many of its identities are in the pairs; 0 where identities are not known
 * @param images how many of its images are in the pairs; 0 where images are not named
 * @param fmr of impostor pairs with both images in the group
 * @param fnmr of genuine pairs with both images in the group
 */
public record GroupFigures(
    String group, int identities, int images, GroupRate fmr, GroupRate fnmr) {}
