/** What is known of the field's pretrained networks, none of which is shipped or downloaded. */
package org.mien.model.catalogue;
