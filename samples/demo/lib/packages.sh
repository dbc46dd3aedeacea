# shellcheck shell=bash
# Installs distribution packages without starting a service and without creating PostgreSQL's default cluster.

NO_SERVICES=/usr/sbin/policy-rc.d
NO_CLUSTER=/etc/postgresql-common/createcluster.d/backupfunctions.conf
OUR_MARK="written by BackupFunctions for the time of an installation"

as_root() {
    if [[ $(id -u) == 0 ]]; then "$@"; else sudo "$@"; fi
}

can_be_root() {
    [[ $(id -u) == 0 ]] || { command -v sudo > /dev/null && { sudo -n true 2> /dev/null || [[ -t 0 ]]; }; }
}

# postgres_major: the major version that the distribution's package postgresql stands for, 15 on Debian 12.
postgres_major() {
    apt-cache depends postgresql 2> /dev/null | sed -n 's/^ *Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1
}

# install_packages <package>...: these and PostgreSQL's server and client, at the distribution's current patch level.
install_packages() {
    local packages=("$@") major
    if can_be_root; then
        as_root apt-get -qq update || warn "the package lists could not be brought up to date; going on with those on this machine"
    fi
    major=$(postgres_major)
    [[ -n $major ]] || fail "apt knows no package postgresql: run apt-get update with network access, as root or with sudo"
    # By their versioned names: the package postgresql counts as up to date however old the server behind it is.
    packages+=("postgresql-$major" "postgresql-client-$major" libpq5)
    local missing
    missing=$(apt-get --simulate --no-install-recommends install "${packages[@]}" | sed -n 's/^Inst \([^ ]*\).*/\1/p' | tr '\n' ' ')
    [[ -n $missing ]] || return 0
    if can_be_root; then
        say "installing: $missing"
        without_services as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq --yes --no-install-recommends -o DPkg::Lock::Timeout=300 install "${packages[@]}" > /dev/null ||
            fail "apt-get could not install $missing (its own message stands above)"
    elif all_installed "${packages[@]}"; then
        warn "newer packages exist, and installing them needs root: sudo apt-get install $missing"
    else
        fail "packages are missing, and installing them needs root: sudo apt-get install --no-install-recommends ${packages[*]}"
    fi
}

all_installed() {
    local package
    for package; do
        dpkg-query --show --showformat '${db:Status-Status}' "$package" 2> /dev/null | grep -qx installed || return 1
    done
}

# without_services <command>...: while it runs, package scripts start, stop and restart no service.
without_services() {
    local status=0 had_haproxy=yes
    command -v haproxy > /dev/null || had_haproxy=no
    [[ -e $NO_SERVICES ]] || write_as_root "$NO_SERVICES" 755 "#!/bin/sh" "# $OUR_MARK" "exit 101" || return
    write_as_root "$NO_CLUSTER" 644 "# $OUR_MARK" "create_main_cluster = false" || return
    "$@" || status=$?
    remove_as_root "$NO_SERVICES"
    remove_as_root "$NO_CLUSTER"
    # The demo runs a proxy of its own; the distribution's would start with the next boot.
    if [[ $had_haproxy == no && -d /run/systemd/system ]]; then
        as_root systemctl --quiet disable haproxy || true
    fi
    return "$status"
}

# write_as_root <file> <mode> <line>...
write_as_root() {
    local file=$1 mode=$2
    shift 2
    as_root mkdir -p "$(dirname "$file")" &&
        printf '%s\n' "$@" | as_root tee "$file" > /dev/null &&
        as_root chmod "$mode" "$file"
}

# remove_as_root <file>: only when an installation of ours wrote it.
remove_as_root() {
    if grep -qsF "$OUR_MARK" "$1"; then
        as_root rm -f "$1"
    fi
}
