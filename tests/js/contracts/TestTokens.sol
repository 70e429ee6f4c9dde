// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// A token for tests: anybody may mint. Several ways to move, or to pretend to move.
contract TestToken {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    string public name;
    string public symbol;
    uint8 public decimals;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    /// USDT's name for it, on Ethereum and on TRON.
    mapping(address => bool) public isBlackListed;

    constructor(string memory name_, string memory symbol_, uint8 decimals_) {
        name = name_;
        symbol = symbol_;
        decimals = decimals_;
    }

    function mint(address to, uint256 value) external {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) public returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] -= value;
        move(from, to, value);
        return true;
    }

    /// Many transfers in one transaction, as exchanges send.
    function batchTransfer(address[] calldata to, uint256[] calldata values) external {
        for (uint256 i = 0; i < to.length; i++) move(msg.sender, to[i], values[i]);
    }

    /// One value to many numbered addresses: a heavy block for a benchmark.
    function spray(uint256 first, uint256 count, uint256 value) external {
        for (uint256 i = 0; i < count; i++) move(msg.sender, address(uint160(first + i)), value);
    }

    function transferThenRevert(address to, uint256 value) external {
        move(msg.sender, to, value);
        revert("after all");
    }

    /// The outer call succeeds, the transfer inside does not.
    function tryInner(address to, uint256 value) external {
        try this.transferThenRevert(to, value) {} catch {}
    }

    /// Claims an amount that no token can have.
    function emitHuge(address to) external {
        emit Transfer(msg.sender, to, type(uint256).max);
    }

    /// As issuers do it: what is there stays there.
    function addBlackList(address evil) external {
        isBlackListed[evil] = true;
    }

    function removeBlackList(address cleared) external {
        isBlackListed[cleared] = false;
    }

    /// USDT's own: the balance is gone, and no Transfer tells of it.
    function destroyBlackFunds(address evil) external {
        require(isBlackListed[evil], "not blacklisted");
        totalSupply -= balanceOf[evil];
        balanceOf[evil] = 0;
    }

    function move(address from, address to, uint256 value) private {
        require(!isBlackListed[from], "blacklisted");
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}

/// What issuers can do to a token: stop it, replace it, keep a part of what moves.
contract IssuerToken is TestToken {
    bool public paused;
    bool public deprecated;
    uint256 public basisPointsRate;

    constructor(string memory name_, string memory symbol_, uint8 decimals_) TestToken(name_, symbol_, decimals_) {}

    function set(uint256 paused_, uint256 deprecated_, uint256 basisPointsRate_) external {
        paused = paused_ != 0;
        deprecated = deprecated_ != 0;
        basisPointsRate = basisPointsRate_;
    }
}

/// Emits what a payment would emit, without any money.
contract FakeToken {
    event Transfer(address indexed from, address indexed to, uint256 value);

    string public symbol = "USDT";
    uint8 public decimals = 6;

    function pretend(address to, uint256 value) external {
        emit Transfer(msg.sender, to, value);
    }
}

/// A collectible: the same first topic, but four topics and no data.
contract Collectible {
    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    uint8 public decimals = 6;

    function give(address to, uint256 id) external {
        emit Transfer(msg.sender, to, id);
    }
}
