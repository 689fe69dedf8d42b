/** Everything random comes from one seed through named streams. */
package org.mien.core.random;
